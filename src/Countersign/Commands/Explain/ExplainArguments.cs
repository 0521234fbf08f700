using System.Globalization;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>What the command line asks for.</summary>
internal sealed record ExplainArguments
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd"];

    public required NginxArguments Configuration { get; init; }

    public string? Certificate { get; init; }

    public IReadOnlyList<string> Chain { get; init; } = [];

    public bool HasNone { get; init; }

    public string? Incident { get; init; }

    public string? Server { get; init; }

    public string? Host { get; init; }

    public string? Address { get; init; }

    public string? At { get; init; }

    public bool WithoutLists { get; init; }

    public bool Json { get; init; }

    /// <summary>The command so far, for what to type next.</summary>
    public string Command => $"countersign explain{Configuration.Selection}"
        + (Certificate is null ? "" : $" --cert {ShellWord.Of(Certificate)}") + (HasNone ? " --no-cert" : "") + (Incident is null ? "" : $" --incident {Incident}")
        + (Server is null ? "" : $" --server {Server}") + (Host is null ? "" : $" --host {Host}");

    /// <summary>Null is now.</summary>
    /// <exception cref="UsageException">It is no moment.</exception>
    public DateTimeOffset? Moment => At is null ? null
        : DateTimeOffset.TryParseExact(At, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : throw new UsageException($"\"{At}\" is no moment", $"{Command} --at 2026-12-24T18:00:00Z");

    /// <exception cref="UsageException">They do not go together.</exception>
    public void Check()
    {
        if (Configuration.Error is { } wrong)
        {
            throw new UsageException(wrong, "countersign explain --help");
        }
        var clients = (Certificate is null ? 0 : 1) + (HasNone ? 1 : 0) + (Incident is null ? 0 : 1);
        if (clients != 1)
        {
            throw new UsageException(
                clients == 0 ? "it takes a client: --cert FILE, --incident ID or --no-cert" : "--cert, --incident and --no-cert are different clients: one at a time",
                $"countersign explain{Configuration.Selection} --cert client.pem");
        }
        if (Chain.Count > 0 && Certificate is null)
        {
            throw new UsageException("--chain goes with --cert", $"{Command} --cert client.pem");
        }
        if (Chain.Append(Certificate).Count(path => path == "-") > 1)
        {
            throw new UsageException("standard input can be read once", "cat client.pem chain.pem | countersign explain --cert -");
        }
    }
}
