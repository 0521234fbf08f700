using Countersign.Testing;

namespace Countersign.Configuration.Tests;

/// <summary>Each file in Golden holds a configuration, a line of dashes, and the plan or the problems that it becomes.</summary>
public sealed class GoldenTests
{
    private const string Separator = "----------\n";

    private static string Folder => Repository.PathOf("tests", "Countersign.Configuration.Tests", "Golden");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_configuration_becomes_the_plan_that_its_file_shows(string name)
    {
        var path = Path.Combine(Folder, name);
        var parts = File.ReadAllText(path).Split(Separator);

        var summary = PlanSummary.Of(Loading.Load(parts[0]));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, parts[0] + Separator + summary);
            return;
        }

        summary.ShouldBe(parts[1]);
    }
}
