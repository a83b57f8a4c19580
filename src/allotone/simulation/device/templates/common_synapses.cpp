{% extends 'common_group.cpp' %}
