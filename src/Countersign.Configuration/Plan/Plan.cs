using System.Net;

namespace Countersign.Configuration;

/// <summary>A whole configuration, resolved, merged and immutable.</summary>
public sealed class Plan
{
    public required MainPlan Main { get; init; }
    public HttpPlan? Http { get; init; }
    /// <summary>Every file read, in order of first opening, for <c>-T</c>.</summary>
    public required IReadOnlyList<SourceFile> Files { get; init; }
    /// <summary>Warnings and notices (no errors: those prevent a plan).</summary>
    public required IReadOnlyList<ConfigurationProblem> Problems { get; init; }
    /// <summary>Errors that the servers' contexts end with (<see cref="ConfigurationProblem.IsAfterFiles"/>).</summary>
    public IEnumerable<ConfigurationProblem> Faults =>
        (Http?.Servers ?? []).SelectMany(server => new[] { server.Ssl.VerifyFault, server.Ssl.Ocsp?.Fault }).OfType<ConfigurationProblem>();
}

/// <summary>A configuration file as it was read.</summary>
public sealed record SourceFile(string Path, byte[] Content);

/// <summary>The main and events contexts.</summary>
public sealed class MainPlan
{
    public bool Daemon { get; init; } = true;
    public bool MasterProcess { get; init; } = true;
    /// <summary>Null: <c>nobody</c>, as nginx, and only when started by root.</summary>
    public string? User { get; init; }
    public string? Group { get; init; }
    /// <summary>Number of loops; 0 is <c>auto</c>.</summary>
    public int WorkerProcesses { get; init; } = 1;
    /// <summary>Connections of one loop, backends' included.</summary>
    public int WorkerConnections { get; init; } = 512;
    public long? WorkerRlimitNofile { get; init; }
    /// <summary>Niceness of every loop: less goes before.</summary>
    public int WorkerPriority { get; init; }
    public CpuAffinityPlan? WorkerCpuAffinity { get; init; }
    public TimeSpan? WorkerShutdownTimeout { get; init; }
    /// <summary>Ends with a slash; what a relative path with variables is put under while a request runs.</summary>
    public string Prefix { get; init; } = "";
    /// <summary>Absolute path.</summary>
    public required string PidFile { get; init; }
    public required IReadOnlyList<ErrorLogTarget> ErrorLogs { get; init; }
}

public enum LogLevel { Emerg = 1, Alert, Crit, Error, Warn, Notice, Info, Debug }

/// <summary><c>error_log</c>: an absolute path, or <c>stderr</c>.</summary>
public sealed record ErrorLogTarget(string Path, LogLevel Level)
{
    public bool IsStandardError => Path == "stderr";
}

public sealed class HttpPlan
{
    public required IReadOnlyList<ListenPlan> Listens { get; init; }
    /// <summary>In order of the file; <see cref="ServerPlan.Id"/> is the index.</summary>
    public required IReadOnlyList<ServerPlan> Servers { get; init; }
    /// <summary>Every location, <c>if</c> block and <c>limit_except</c> of every server; <see cref="LocationPlan.Id"/> is the index.</summary>
    public required IReadOnlyList<LocationPlan> Locations { get; init; }
    /// <summary>Named ones and those that a constant <c>proxy_pass</c> implies; <see cref="UpstreamPlan.Id"/> is the index.</summary>
    public required IReadOnlyList<UpstreamPlan> Upstreams { get; init; }
    public required VariableTable Variables { get; init; }
    public RefusalPlan Refusals { get; init; } = new();
    /// <inheritdoc cref="LoadOptions.ReloadCommand"/>
    public string ReloadCommand { get; init; } = UsualReload;

    internal const string UsualReload = "countersign -s reload";
}

/// <summary>One socket to bind and listen on.</summary>
public sealed class ListenPlan
{
    /// <summary><see cref="IPEndPoint"/>, or <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    public required EndPoint EndPoint { get; init; }
    /// <summary>As nginx prints it: <c>0.0.0.0:443</c>, <c>[::]:443</c>, <c>unix:/path</c>.</summary>
    public required string Text { get; init; }
    public int Backlog { get; init; } = 511;
    public bool ReusePort { get; init; }
    public bool Ipv6Only { get; init; } = true;
    public bool Deferred { get; init; }
    public int? ReceiveBuffer { get; init; }
    public int? SendBuffer { get; init; }
    public bool? KeepAlive { get; init; }
    public int? KeepIdleSeconds { get; init; }
    public int? KeepIntervalSeconds { get; init; }
    public int? KeepCount { get; init; }
    /// <summary>Who answers on which local address: one entry, or several when a wildcard socket also serves exact addresses.
    /// Exact addresses first, the socket's own address last.</summary>
    public required IReadOnlyList<AddressPlan> Addresses { get; init; }
}

public sealed class AddressPlan
{
    public required EndPoint EndPoint { get; init; }
    public bool Ssl { get; init; }
    public bool ProxyProtocol { get; init; }
    public required ServerPlan DefaultServer { get; init; }
    public required HostTable<ServerPlan> Names { get; init; }
}
