using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Pkits;

/// <summary>What a case's client met with.</summary>
public sealed partial record Visit
{
    public required string NginxAnswer { get; init; }

    /// <summary>What nginx's log says of it, up to the comma-separated rest; empty when it says nothing.</summary>
    public required string NginxLine { get; init; }

    public required string Answer { get; init; }

    /// <summary>The gate's, null when it let the client in.</summary>
    public required JsonElement? Record { get; init; }

    public string Id => Text("id");

    public string Incident => Text("incident");

    /// <summary>What nginx would say, as the gate's record has it.</summary>
    public string Line => Text("nginx");

    /// <summary>nginx's number in <see cref="NginxLine"/>; 0 without one.</summary>
    public int Error => VerifyError().Match(NginxLine) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private string Text(string name) => Record?.GetProperty(name).GetString() ?? "";

    [GeneratedRegex(@"^client SSL certificate verify error: \((\d+):")]
    private static partial Regex VerifyError();
}
