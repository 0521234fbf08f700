namespace Countersign.EndToEnd;

/// <summary>The options that operators, packages and nginx's own test harness use.</summary>
public sealed class CommandLineOptions
{
    private static readonly string Good = Gate.Configuration(Gate.Guarded + Gate.Plain);

    private static Task<CommandResult> Run(params string[] arguments) => CommandLine.Run(ServerProgram.Countersign.Require(), arguments);

    [Fact]
    public async Task A_good_configuration_passes_the_test()
    {
        var (code, said, prefix) = await Gate.Try(Good, "-t");
        said.ShouldContain($"the configuration file {prefix}/conf/nginx.conf syntax is ok");
        said.ShouldContain($"configuration file {prefix}/conf/nginx.conf test is successful");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task A_quiet_test_says_nothing_of_success()
    {
        var (code, said, _) = await Gate.Try(Good, "-t", "-q");
        said.ShouldBe("");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Only_the_test_warns_of_what_works_and_is_hardly_meant()
    {
        var hidden = Good.Replace("ssl_verify_client on;", "ssl_verify_client on; compatibility nginx;");
        var (code, said, _) = await Gate.Try(hidden, "-t");
        said.ShouldContain("[warn] \"compatibility nginx\" lets a client resume its session");
        said.ShouldContain("(lint/nginx-compatibility, server \"localhost\")");
        code.ShouldBe(0);
        await using var gate = await Gate.Open(hidden);
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("exited with code 0");
        gate.Server.Said.ShouldNotContain("lint/");
        gate.Server.ErrorLog.Read().ShouldNotContain("lint/");
    }

    [Fact]
    public async Task An_unknown_directive_fails_the_test_with_its_line()
    {
        var (code, said, prefix) = await Gate.Try("daemon off;\nevents { }\nhttp {\n  no_such_thing on;\n}\n", "-t");
        said.ShouldContain($"unknown directive \"no_such_thing\" in {prefix}/conf/nginx.conf:4");
        said.ShouldContain($"configuration file {prefix}/conf/nginx.conf test failed");
        code.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_directive_prevents_the_start()
    {
        var (code, said, _) = await Gate.Try("daemon off;\nevents { }\nhttp {\n  no_such_thing on;\n}\n");
        said.ShouldContain("unknown directive \"no_such_thing\"");
        code.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_file_fails_the_test()
    {
        var result = await Run("-t", "-c", "/nonexistent/nginx.conf");
        result.Both.ShouldContain("open() \"/nonexistent/nginx.conf\" failed (2: No such file or directory)");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_here_and_not_below_the_prefix_is_pointed_out()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("nginx.conf", "events { }");
        var result = await CommandLine.Run("sh", ["-c", $"cd '{folder.Path}' && '{ServerProgram.Countersign.Require()}' -t -p '{folder.Path}/none' -c nginx.conf"]);
        result.Error.ShouldContain($"open() \"{folder.Path}/none/nginx.conf\" failed (2: No such file or directory)\n  As under nginx, -c starts from the prefix. The file in this folder is: -c {file}\n");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_is_no_configuration()
    {
        using var folder = new TemporaryFolder();
        var result = await Run("-t", "-c", folder.Path);
        result.Both.ShouldContain($"open() \"{folder.Path}\" failed (21: Is a directory)");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task The_dump_has_every_file_once()
    {
        var (code, said, prefix) = await Gate.Try(Good.Replace("http {", "http { include extra.conf; include extra.conf;") + "\n# the end", "-T");
        code.ShouldBe(1, "the included file is missing here");
        said.ShouldContain("extra.conf\" failed (2: No such file or directory)");

        (code, said, prefix) = await Gate.Try(Good + "\n# the end", "-T");
        code.ShouldBe(0);
        said.Split($"# configuration file {prefix}/conf/nginx.conf:").Length.ShouldBe(2);
        said.ShouldContain("# the end");
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var result = await Run("-v");
        result.Both.Trim().Split('\n').Length.ShouldBe(1);
        result.Both.ShouldMatch(@"version: \w+/\d+\.\d+\.\d+");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_long_version_names_what_tools_look_for()
    {
        var result = await Run("-V");
        result.Both.ShouldContain("nginx/");
        result.Both.ShouldMatch(@"built with OpenSSL \d+\.\d+\.\d+");
        result.Both.ShouldContain("TLS SNI support enabled");
        result.Both.ShouldContain("--with-http_ssl_module");
        result.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-?")]
    public async Task Help_names_every_option(string option)
    {
        var result = await Run(option);
        foreach (var each in (string[])["-v", "-V", "-t", "-T", "-q", "-s signal", "-p prefix", "-e filename", "-c filename", "-g directives"])
        {
            result.Both.ShouldContain(each);
        }

        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_option_is_an_error()
    {
        var result = await Run("-z");
        result.Both.ShouldContain("invalid option: \"z\"");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_signal_is_an_error()
    {
        var result = await Run("-s", "dance");
        result.Both.ShouldContain("invalid option: \"-s dance\"");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Directives_can_be_given_beside_the_file()
    {
        await using var gate = await Gate.Open(Good.Replace("pid logs/server.pid;", ""), true, "", "-g", "pid logs/other.pid;");
        await new LogFile(Path.Combine(gate.Server.Prefix, "logs/other.pid")).WaitFor($"{gate.Server.Process.Id}\n");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("quit")]
    public async Task A_signal_by_name_ends_the_server(string signal)
    {
        await using var gate = await Gate.Open(Good);
        await PidFile(gate).WaitFor($"{gate.Server.Process.Id}\n");
        var result = await Signal(gate, signal);
        result.ExitCode.ShouldBe(0, result.Both);
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    [Fact]
    public async Task The_pid_file_goes_with_the_server()
    {
        await using var gate = await Gate.Open(Good);
        await PidFile(gate).WaitFor($"{gate.Server.Process.Id}\n");
        await gate.Server.Signal("TERM");
        await gate.Server.WaitForExit();
        File.Exists(PidFile(gate).Path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_test_does_not_disturb_the_running_server()
    {
        await using var gate = await Gate.Open(Good);
        await PidFile(gate).WaitFor($"{gate.Server.Process.Id}\n");
        var result = await Run("-t", "-p", gate.Server.Prefix + "/", "-c", "conf/nginx.conf", "-e", "logs/error.log");
        result.ExitCode.ShouldBe(0, result.Both);
        PidFile(gate).Read().ShouldBe($"{gate.Server.Process.Id}\n");
        (await gate.Get("http", "/static")).ShouldEndWith("static\n");
    }

    private static LogFile PidFile(Gate gate) => new(Path.Combine(gate.Server.Prefix, "logs/server.pid"));

    private static Task<CommandResult> Signal(Gate gate, string name) =>
        Run("-p", gate.Server.Prefix + "/", "-c", "conf/nginx.conf", "-e", "logs/error.log", "-s", name);
}
