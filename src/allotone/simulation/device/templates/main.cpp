int main(int argc, char **argv)
{
    using namespace brian;
    if (argc > 2 && !strcmp(argv[1], "--results_dir")) results_dir = argv[2];
    {{'\n'.join(code_lines['before_start'])|autoindent}}
    brian_start();
    {{'\n'.join(code_lines['after_start'])|autoindent}}
    {{main_lines|autoindent}}
    {{'\n'.join(code_lines['before_end'])|autoindent}}
    {{'\n'.join(code_lines['after_end'])|autoindent}}
    return 0;
}
