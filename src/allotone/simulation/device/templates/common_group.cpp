{% macro headers() %}
{% for name in user_headers | sort %}
#include {{name}}
{% endfor %}
{% endmacro %}

{% macro support() %}
{{support_code_lines|autoindent}}
{{hashdefine_lines|autoindent}}
{% endmacro %}

{% macro pointers() %}
{{pointers_lines|autoindent}}
{% endmacro %}

{% macro cpp_file() %}
{% block maincode %}
{% endblock %}
{% endmacro %}

{% macro before_run_cpp_file() %}
{% block before_code %}
EMPTY_CODE_BLOCK
{% endblock %}
{% endmacro %}

{% macro after_run_cpp_file() %}
{% block after_code %}
EMPTY_CODE_BLOCK
{% endblock %}
{% endmacro %}
