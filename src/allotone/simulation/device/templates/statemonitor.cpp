{# USES_VARIABLES { t, _clock_t, _indices, N } #}
{# WRITES_TO_READ_ONLY_VARIABLES { t, N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
const int _row = {{_dynamic_t}}.size();
{{_dynamic_t}}.push_back({{_clock_t}});
{% for name, variable in _recorded_variables | dictsort %}
{{get_array_name(variable, access_data=False)}}.resize(_row + 1, _num_indices);
{% endfor %}
{{scalar_code|autoindent}}
for (int _column = 0; _column < (int) _num_indices; _column++)
{
    const size_t _idx = {{_indices}}[_column];
    {{vector_code|autoindent}}
    {% for name, variable in _recorded_variables | dictsort %}
    {{get_array_name(variable, access_data=False)}}(_row, _column) = _to_record_{{name}};
    {% endfor %}
}
{{N}} = _row + 1;
{% endblock %}
