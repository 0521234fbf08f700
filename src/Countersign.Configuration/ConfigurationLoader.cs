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
    /// <summary>What an operator types to have this read again by a running gate.</summary>
    public string ReloadCommand { get; init; } = HttpPlan.UsualReload;
    public Func<string, byte[]> ReadFile { get; init; } = Content;
    /// <summary>Names in a folder, for <c>include</c> with wildcards; empty when there is no such folder.</summary>
    public Func<string, IReadOnlyList<string>> ListFolder { get; init; } = FolderNames;
    /// <summary>Name to addresses, for listen and upstream; throws <see cref="System.Net.Sockets.SocketException"/>.</summary>
    public Func<string, System.Net.IPAddress[]> Resolve { get; init; } = System.Net.Dns.GetHostAddresses;

    // For the runtime a folder is a file that may not be read.
    private static byte[] Content(string path) => Directory.Exists(path) ? throw new IOException("21: Is a directory") : System.IO.File.ReadAllBytes(path);

    private static IReadOnlyList<string> FolderNames(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))] : [];
}

/// <summary>Either a plan, or at least one error; problems hold everything found, in order of the files.</summary>
public sealed record LoadResult(Plan? Plan, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<SourceFile> Files);

/// <summary>nginx's configuration language: text to a plan, every problem reported at once.</summary>
public static class ConfigurationLoader
{
    public static LoadResult Load(LoadOptions options)
    {
        var session = new Resolve.LoadSession(options);
        var parser = new Parse.FileParser(options);
        if (options.GlobalDirectives.Length > 0)
        {
            session.Binder.BindAll(parser.ParseParameter(options.GlobalDirectives), session.Main);
        }
        session.Binder.BindAll(parser.ParseMainFile(), session.Main);
        if (session.Events is null && !session.HasErrors)
        {
            session.ReportUnplaced("no-events", ProblemLevel.Error, "no \"events\" section in configuration", null, "Add: events { }");
        }
        if (session.HasErrors)
        {
            return new LoadResult(null, session.Problems, parser.Files);
        }
        var builder = new Resolve.PlanBuilder(session);
        var http = builder.Http();
        if (session.HasErrors)
        {
            return new LoadResult(null, session.Problems, parser.Files);
        }
        var main = builder.Main();
        var sockets = http?.Listens.Count ?? 0;
        if (main.WorkerConnections < sockets + 1)
        {
            session.ReportUnplaced("too-few-connections", ProblemLevel.Error,
                $"{main.WorkerConnections} worker_connections are not enough for {sockets} listening sockets", null,
                "Raise worker_connections: each loop needs room for its sockets and for clients.");
            return new LoadResult(null, session.Problems, parser.Files);
        }
        ConfigurationProblem[] problems = [.. session.Problems.Where(problem => !problem.IsAfterFiles)];
        return new LoadResult(new Plan { Main = main, Http = http, Files = parser.Files, Problems = problems }, problems, parser.Files);
    }
}
