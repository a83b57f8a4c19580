{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% macro scalar() %}
{{scalar_code|autoindent}}
{% endmacro %}

{% macro vector() %}
{{vector_code|autoindent}}
{% endmacro %}

{% macro number() %}
{{constant_or_scalar('N', variables['N'])}}
{% endmacro %}
