{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
const int32_t *_events = {{get_array_name(eventspace_variable)}};
const int32_t _number = _events[N];
if (_number == 0) return;
{{scalar_code|autoindent}}
for (int32_t _event = 0; _event < _number; _event++)
{
    const size_t _idx = _events[_event];
    {{vector_code|autoindent}}
}
{% endblock %}
