{# USES_VARIABLES { _n_sources, _n_targets, delay, _source_dt } #}
{% extends 'common_group.cpp' %}

{% block before_code %}
{{owner.name}}.prepare({{constant_or_scalar('_n_sources', variables['_n_sources'])}},
                       {{get_array_name(variables['delay'], access_data=False)}}, {{_source_dt}});
{% endblock %}

{% block maincode %}
{% set events = get_array_name(eventspace_variable) %}
{{owner.name}}.advance();
{{owner.name}}.push({{events}}, {{events}}[_num{{eventspace_variable.name}} - 1]);
{% endblock %}
