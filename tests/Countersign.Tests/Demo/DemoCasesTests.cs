using System.Text.RegularExpressions;
using Countersign.Commands;
using Countersign.Commands.Demo;

namespace Countersign.Tests.Demo;

public sealed partial class DemoCasesTests
{
    [Fact]
    public void At_least_ten_are_refused_and_one_is_let_in()
    {
        DemoCases.All.Count(one => one.Expected.IsRefusal).ShouldBeGreaterThanOrEqualTo(10);
        DemoCases.All.ShouldContain(one => !one.Expected.IsRefusal && one.Expected.Verify == "SUCCESS");
    }

    [Fact]
    public void Each_has_a_name_of_its_own() => DemoCases.All.Select(one => one.Name).ShouldBeUnique();

    [Fact]
    public void Each_refusal_is_seen_by_the_client_told_by_the_log_and_has_a_reason()
    {
        foreach (var refusal in DemoCases.All.Where(one => one.Expected.IsRefusal))
        {
            (refusal.Expected.Status is not null ^ refusal.Expected.Alert is not null).ShouldBeTrue(refusal.Name);
            refusal.Expected.Log.ShouldNotBeNullOrEmpty(refusal.Name);
            refusal.Expected.Reason.ShouldNotBeNullOrEmpty(refusal.Name);
        }
    }

    [Fact]
    public void Whoever_is_let_in_has_no_reason() =>
        DemoCases.All.Where(one => !one.Expected.IsRefusal).ShouldAllBe(one => one.Expected.Reason == null);

    [Fact]
    public void Each_certificate_is_one_that_the_authority_makes()
    {
        using var authority = new DemoAuthority(TimeProvider.System);
        DemoCases.All.Select(one => one.Certificate).OfType<string>().ShouldAllBe(name => authority.Clients.ContainsKey(name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_configuration_passes_the_test_with_warnings_of_its_three_traps(bool isRoot)
    {
        using var folder = new DemoFolder();
        using var ports = new DemoPorts();
        using (var authority = new DemoAuthority(TimeProvider.System))
        {
            folder.Write(authority);
        }
        folder.Write("nginx.conf", DemoConfiguration.Text(ports, 1, isRoot, isForeign: false));
        using var said = new StringWriter();
        TestCommand.Run(NginxArguments.Parse(["-t", "-p", folder.Path, "-c", "nginx.conf"]), said, Stream.Null).ShouldBe(0, said.ToString());
        said.ToString().Split('\n').Where(line => line.Contains("[warn]", StringComparison.Ordinal)).Select(line => Rule().Match(line).Value)
            .Order(StringComparer.Ordinal).ShouldBe(["lint/crl-expired", "lint/default-server-without-policy", "lint/leaf-in-bundle"]);
    }

    [GeneratedRegex("lint/[a-z-]+")]
    private static partial Regex Rule();
}
