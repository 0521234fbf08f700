using System.Text.RegularExpressions;

namespace Countersign.Rules;

public sealed partial class ArchitectureRules
{
    [Theory]
    [InlineData("Countersign.Native")]
    [InlineData("Countersign.Configuration")]
    [InlineData("Countersign.Refusals")]
    public void A_leaf_project_knows_no_other_project(string leaf) =>
        SourceTree.ProjectReferences(leaf).ShouldBeEmpty();

    [Fact]
    public void The_proxy_stands_on_the_three_leaves_alone() =>
        SourceTree.ProjectReferences("Countersign.Proxy")
            .ShouldBe(["Countersign.Configuration", "Countersign.Native", "Countersign.Refusals"]);

    [Theory]
    [InlineData("Countersign")]
    [InlineData("Countersign.Configuration")]
    [InlineData("Countersign.Proxy")]
    [InlineData("Countersign.Refusals")]
    public void Unsafe_code_and_platform_invoke_stay_in_Native(string project) =>
        SourceTree.Sources(project)
            .Where(file => NativeCode().IsMatch(File.ReadAllText(file)))
            .ShouldBeEmpty();

    /// <summary>Folders of the proxy in the order of a connection's life; each may use those before it.</summary>
    private static readonly string[] Stages = ["Accept", "Handshake", "Identify", "Request", "Route", "Upstream", "Watch"];

    [Fact]
    public void The_stages_stand_in_the_order_of_events() =>
        Stages.ShouldBe(Stages.Order(StringComparer.Ordinal));

    [Fact]
    public void A_stage_uses_earlier_stages_only()
    {
        var breaches = new List<string>();
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            var folder = Path.Combine(SourceTree.Root, "src", "Countersign.Proxy", Stages[stage]) + Path.DirectorySeparatorChar;
            foreach (var file in SourceTree.Sources("Countersign.Proxy").Where(file => file.StartsWith(folder, StringComparison.Ordinal)))
            {
                var text = File.ReadAllText(file);
                breaches.AddRange(Stages[(stage + 1)..]
                    .Where(later => text.Contains("using Countersign.Proxy." + later + ";", StringComparison.Ordinal))
                    .Select(later => $"{Path.GetRelativePath(SourceTree.Root, file)} uses {later}"));
            }
        }
        breaches.ShouldBeEmpty();
    }

    [GeneratedRegex(@"\[(DllImport|LibraryImport)|\bunsafe\s+(class|struct|static|partial|delegate|readonly|ref|void|public|private|internal)\b|\bunsafe\s*\{")]
    private static partial Regex NativeCode();
}
