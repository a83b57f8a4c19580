{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
{% set sums = get_array_name(_target_var) %}
{% set targets = get_array_name(_index_var) %}
const int _targets = {{constant_or_scalar(_target_size_name, variables[_target_size_name])}};
for (int _target = 0; _target < _targets; _target++) {{sums}}[_target + {{_target_start}}] = 0;
{{scalar_code|autoindent}}
const int _contacts = {{N}};
for (int _idx = 0; _idx < _contacts; _idx++)
{
    {{vector_code|autoindent}}
    {{sums}}[{{targets}}[_idx]] += _synaptic_var;
}
{% endblock %}
