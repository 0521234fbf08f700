namespace Countersign.Tests;

public sealed class NginxArgumentsTests
{
    [Theory]
    [InlineData("zt", "invalid option: \"z\"", "-zt")]
    [InlineData("word", "invalid option: \"word\"", "word")]
    [InlineData("p", "option \"-p\" requires directory name", "-p")]
    [InlineData("c", "option \"-c\" requires file name", "-c")]
    [InlineData("e", "option \"-e\" requires file name", "-t", "-e")]
    [InlineData("g", "option \"-g\" requires parameter", "-g")]
    [InlineData("s", "option \"-s\" requires parameter", "-s")]
    [InlineData("s jump", "invalid option: \"-s jump\"", "-s", "jump")]
    public void A_wrong_argument_is_named_in_nginx_words(string _, string error, params string[] arguments) =>
        NginxArguments.Parse(arguments).Error.ShouldBe(error);

    [Fact]
    public void Letters_stand_together_and_values_are_attached_or_follow()
    {
        var arguments = NginxArguments.Parse(["-tq", "-p/opt/gate", "-c", "conf/a.conf", "-elogs/e.log", "-g", "daemon off;", "-sreload"]);
        arguments.Error.ShouldBeNull();
        arguments.TestConfiguration.ShouldBeTrue();
        arguments.Quiet.ShouldBeTrue();
        arguments.Prefix.ShouldBe("/opt/gate/");
        arguments.File.ShouldBe("/opt/gate/conf/a.conf");
        arguments.ErrorLog.ShouldBe("/opt/gate/logs/e.log");
        arguments.GlobalDirectives.ShouldBe("daemon off;");
        arguments.Signal.ShouldBe("reload");
    }

    [Theory]
    [InlineData("countersign -s reload")]
    [InlineData("countersign -s reload -c /opt/gate.conf", "-c", "/opt/gate.conf")]
    [InlineData("countersign -s reload -p /opt/gate/ -c /opt/gate/gate.conf", "-p", "/opt/gate", "-c", "gate.conf")]
    [InlineData("countersign -s reload -g 'daemon off;'", "-g", "daemon off;")]
    [InlineData(@"countersign -s reload -c '/opt/o'\''brien & sons.conf'", "-c", "/opt/o'brien & sons.conf")]
    public void A_gate_is_reloaded_by_the_arguments_that_started_it(string command, params string[] arguments) =>
        NginxArguments.Parse(arguments).ReloadCommand.ShouldBe(command);

    [Theory]
    [InlineData("--help", true)]
    [InlineData("--version", false)]
    public void The_long_options_that_everybody_tries_are_understood(string word, bool isHelp)
    {
        var arguments = NginxArguments.Parse([word]);
        arguments.Error.ShouldBeNull();
        arguments.ShowVersion.ShouldBeTrue();
        arguments.ShowHelp.ShouldBe(isHelp);
    }

    [Fact]
    public void A_dump_is_a_test_too() => NginxArguments.Parse(["-T"]).TestConfiguration.ShouldBeTrue();
}
