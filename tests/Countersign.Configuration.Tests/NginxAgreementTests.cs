using System.Diagnostics;
using Countersign.Testing;

namespace Countersign.Configuration.Tests;

/// <summary>The first line of complaint is nginx's own, for configurations that nginx refuses.</summary>
public sealed class NginxAgreementTests
{
    public static TheoryData<string> Broken => [.. BrokenConfigurations.All.Keys];

    public static TheoryData<string> Accepted => [.. AcceptedConfigurations.All.Keys];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_configuration_gets_the_words_that_nginx_has_for_it(string name)
    {
        var nginx = Prerequisite.Require("nginx");
        using var folder = new TemporaryFolder();
        var file = folder.Write("nginx.conf", BrokenConfigurations.All[name]);

        var expected = Test(nginx, folder.Path, file);
        var result = Load(folder, file);

        var first = result.Problems.Concat(result.Plan?.Faults ?? []).FirstOrDefault(problem => problem.Level == ProblemLevel.Error);
        (first is null ? "accepted" : ProblemText.NginxLine(first)).ShouldBe(Lines(expected, "emerg").FirstOrDefault(expected));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_nginx_takes_is_taken_with_the_same_warnings(string name)
    {
        var nginx = Prerequisite.Require("nginx");
        using var folder = new TemporaryFolder();
        var file = folder.Write("nginx.conf", AcceptedConfigurations.All[name]);

        var expected = Test(nginx, folder.Path, file);
        var result = Load(folder, file);

        Lines(expected, "emerg").ShouldBeEmpty();
        result.Problems.Concat(result.Plan?.Faults ?? []).Where(problem => problem.Level == ProblemLevel.Error).Select(ProblemText.NginxLine).ShouldBeEmpty();
        result.Problems.Where(problem => problem.Level == ProblemLevel.Warning).Select(ProblemText.NginxLine).ShouldBe(Lines(expected, "warn"));
    }

    private static LoadResult Load(TemporaryFolder folder, string file) => ConfigurationLoader.Load(new LoadOptions
    {
        File = file,
        Prefix = folder.Path + "/",
        DefaultErrorLog = folder.Path + "/error.log",
        DefaultPidFile = folder.Path + "/nginx.pid",
    });

    /// <summary>What nginx says of a file. Without rights of root it warns of <c>user</c>; no file here has one.</summary>
    private static string Test(string nginx, string folder, string file)
    {
        var start = new ProcessStartInfo(nginx, ["-t", "-p", folder + "/", "-c", file, "-e", folder + "/error.log", "-g", $"pid {folder}/nginx.pid;"])
        {
            RedirectStandardError = true,
        };
        Directory.CreateDirectory(folder + "/logs");
        using var process = Process.Start(start)!;
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static IEnumerable<string> Lines(string output, string level)
    {
        var prefix = $"nginx: [{level}] ";
        return output.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..]).ToList();
    }
}
