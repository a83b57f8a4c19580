int main()
{
    using namespace brian;
    {{'\n'.join(code_lines['before_start'])|autoindent}}
    brian_start();
    {{'\n'.join(code_lines['after_start'])|autoindent}}
    {{main_lines|autoindent}}
    {{'\n'.join(code_lines['before_end'])|autoindent}}
    {{'\n'.join(code_lines['after_end'])|autoindent}}
    return 0;
}
