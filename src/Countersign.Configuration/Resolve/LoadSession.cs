using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>What one load gathers: problems, variables, and the things that directives refer to by name.</summary>
internal sealed class LoadSession
{
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly string _folder;

    public LoadSession(LoadOptions options)
    {
        Options = options;
        _folder = Path.GetDirectoryName(options.File) is { Length: > 0 } folder ? folder.TrimEnd('/') + "/" : "/";
        Script = new ScriptCompiler(Variables);
        Binder = new DirectiveBinder(this);
        Upstreams = new UpstreamRegistry(this);
    }

    public LoadOptions Options { get; }
    public VariableTable Variables { get; } = new();
    public ScriptCompiler Script { get; }
    public DirectiveBinder Binder { get; }
    public UpstreamRegistry Upstreams { get; }
    public Scope Main { get; } = new(Contexts.Main, null);
    public Scope? Events { get; set; }
    public Scope? Http { get; set; }
    /// <summary>Where the http block ends: nginx names it for what it finds while merging.</summary>
    public SourcePosition? HttpEnd { get; set; }
    public List<ServerScope> Servers { get; } = [];
    public ListenRegistry Listens { get; } = new();
    public Dictionary<string, LogFormatPlan> LogFormats { get; } = new(StringComparer.Ordinal);
    public LogFormatPlan? CombinedFormat { get; set; }
    /// <summary>Buffers of access logs: a file has one.</summary>
    public Dictionary<string, (long Size, TimeSpan? Flush)> LogBuffers { get; } = new(StringComparer.Ordinal);
    public SharedZones SharedZones { get; } = new();
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;
    public int ErrorCount { get; private set; }
    public bool HasErrors => ErrorCount > 0;

    public void Report(ConfigurationProblem problem)
    {
        ErrorCount += problem is { Level: ProblemLevel.Error, IsAfterFiles: false } ? 1 : 0;
        _problems.Add(problem);
    }

    /// <summary>A problem nginx reports without a place.</summary>
    public void ReportUnplaced(string id, ProblemLevel level, string text, SourcePosition? position, string? advice = null) =>
        Report(new ConfigurationProblem(id, level, text, position, advice) { NginxNamesPlace = false });

    /// <summary>The same of an error that comes after files; whoever reads those has to know of it.</summary>
    public ConfigurationProblem ReportAfterFiles(string id, string text, SourcePosition? position, string advice)
    {
        var problem = new ConfigurationProblem(id, ProblemLevel.Error, text, position, advice) { NginxNamesPlace = false, IsAfterFiles = true };
        Report(problem);
        return problem;
    }

    public string UnderPrefix(string path) => path.StartsWith('/') ? path : ByteText.FromUnicode(Options.Prefix) + path;

    public string BesideMainFile(string path) => path.StartsWith('/') ? path : ByteText.FromUnicode(_folder) + path;
}
