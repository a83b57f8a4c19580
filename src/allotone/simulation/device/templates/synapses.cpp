{# USES_VARIABLES { _synaptic_pre } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
if ({{pathway.name}}.nothing_due()) return;
{{scalar_code|autoindent}}
{{pathway.name}}.deliver([&](const size_t _idx) __attribute__((always_inline))
{
    {{vector_code|autoindent}}
});
{% endblock %}
