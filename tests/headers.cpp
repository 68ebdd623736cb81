// Does nothing: the target test_headers is there for the headers that it compiles before the tests.
int main() {}
