{# USES_VARIABLES { N, _clock_t, count, _source_start, _source_stop } #}
{# WRITES_TO_READ_ONLY_VARIABLES { N, count } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
{% set events = get_array_name(eventspace_variable) %}
const int32_t _number = {{events}}[_num{{eventspace_variable.name}} - 1];
if (_number == 0) return;
{{scalar_code|autoindent}}
for (int32_t _event = 0; _event < _number; _event++)
{
    const int64_t _idx = {{events}}[_event];
    if (_idx < _source_start || _idx >= _source_stop) continue;
    {{vector_code|autoindent}}
    {% for name, variable in record_variables | dictsort %}
    {{get_array_name(variable, access_data=False)}}.push_back(_to_record_{{name}});
    {% endfor %}
    {{count}}[_idx - _source_start]++;
    {{N}}++;
}
{% endblock %}
