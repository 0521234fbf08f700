namespace Countersign.Configuration;

/// <summary>What the outside gives a load: paths and the way to read files, so that the project stays pure.</summary>
public sealed class LoadOptions
{
    /// <summary>Absolute path of the main file.</summary>
    public required string File { get; init; }
    /// <summary>nginx's <c>-p</c>, absolute, with a trailing slash: logs, pid and roots are under it.</summary>
    public required string Prefix { get; init; }
    /// <summary>nginx's <c>-g</c>.</summary>
    public string GlobalDirectives { get; init; } = "";
    /// <summary>Where errors go when no <c>error_log</c> says otherwise (<c>-e</c>); absolute or <c>stderr</c>.</summary>
    public required string DefaultErrorLog { get; init; }
    public required string DefaultPidFile { get; init; }
    public Func<string, byte[]> ReadFile { get; init; } = System.IO.File.ReadAllBytes;
    /// <summary>Name to addresses, for listen and upstream; throws <see cref="System.Net.Sockets.SocketException"/>.</summary>
    public Func<string, System.Net.IPAddress[]> Resolve { get; init; } = System.Net.Dns.GetHostAddresses;
}

/// <summary>Either a plan, or at least one error; problems hold everything found, in order of the files.</summary>
public sealed record LoadResult(Plan? Plan, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<SourceFile> Files);
