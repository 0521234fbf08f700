namespace Countersign.Configuration.Tests;

/// <summary>nginx's <c>-g</c>.</summary>
public sealed class GlobalDirectiveTests
{
    [Fact]
    public void They_count_like_directives_of_the_main_file()
    {
        var plan = Loading.Load("events { }", "daemon off; pid /run/x.pid;", []).Plan!;

        plan.Main.Daemon.ShouldBeFalse();
        plan.Main.PidFile.ShouldBe("/run/x.pid");
    }

    [Theory]
    [InlineData("foo;", "unknown directive \"foo\" in command line")]
    [InlineData("daemon maybe;", "invalid value \"maybe\" in \"daemon\" directive, it must be \"on\" or \"off\" in command line")]
    [InlineData("daemon off", "unexpected end of parameter, expecting \";\" in command line")]
    [InlineData("events { }", "block directives are not supported in -g option in command line")]
    [InlineData("}", "unexpected \"}\" in command line")]
    public void What_is_wrong_with_them_is_said_to_be_in_the_command_line(string directives, string line) =>
        ProblemText.NginxLine(Loading.Load("events { }", directives, []).Problems[0]).ShouldBe(line);

    [Fact]
    public void One_that_the_file_has_too_is_a_duplicate_there() =>
        ProblemText.NginxLine(Loading.Load("daemon on; events { }", "daemon off;", []).Problems[0])
            .ShouldBe("\"daemon\" directive is duplicate in /etc/nginx/nginx.conf:1");
}
