using System.Diagnostics;
using Countersign.Testing;

namespace Countersign.Configuration.Tests;

/// <summary>The first line of complaint is nginx's own, for configurations that nginx refuses.</summary>
public sealed class NginxAgreementTests
{
    public static TheoryData<string> Names => [.. BrokenConfigurations.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_configuration_gets_the_words_that_nginx_has_for_it(string name)
    {
        var nginx = Prerequisite.Require("nginx");
        using var folder = new TemporaryFolder();
        var file = folder.Write("nginx.conf", BrokenConfigurations.All[name]);

        var expected = FirstLine(nginx, folder.Path, file);
        var result = ConfigurationLoader.Load(new LoadOptions
        {
            File = file,
            Prefix = folder.Path + "/",
            DefaultErrorLog = folder.Path + "/error.log",
            DefaultPidFile = folder.Path + "/nginx.pid",
        });

        var first = result.Problems.FirstOrDefault(problem => problem.Level == ProblemLevel.Error);
        (first is null ? "accepted" : ProblemText.NginxLine(first)).ShouldBe(expected);
    }

    private static string FirstLine(string nginx, string folder, string file)
    {
        var start = new ProcessStartInfo(nginx, ["-t", "-p", folder + "/", "-c", file, "-e", folder + "/error.log", "-g", $"pid {folder}/nginx.pid;"])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        const string Emergency = "nginx: [emerg] ";
        return output.Split('\n').FirstOrDefault(line => line.StartsWith(Emergency, StringComparison.Ordinal))?[Emergency.Length..] ?? output;
    }
}
