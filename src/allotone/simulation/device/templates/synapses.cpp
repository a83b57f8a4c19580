{# USES_VARIABLES { _synaptic_pre, _synaptic_post } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
if ({{pathway.name}}.nothing_due()) return;
{{scalar_code|autoindent}}
{{pathway.name}}.deliver([&](const size_t _idx) __attribute__((always_inline))
{
    {{vector_code|autoindent}}
}, {{get_array_name(variables['_synaptic_post'])}});
{% endblock %}
