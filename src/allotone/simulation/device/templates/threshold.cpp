{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% macro scalar() %}
{{scalar_code|autoindent}}
{% endmacro %}

{% macro vector() %}
{{vector_code|autoindent}}
{% endmacro %}

{% macro events() %}
{{get_array_name(eventspace_variable)}}
{% endmacro %}

{% macro spike() %}
{% if _uses_refractory %}
{{not_refractory}}[_idx] = false;
{{lastspike}}[_idx] = {{t}};
{% endif %}
{% endmacro %}
