namespace Countersign.Load.Compare;

/// <summary>nginx, or Countersign, which runs the same configuration.</summary>
internal sealed class NginxSoftware : Software
{
    private readonly bool _isCountersign;

    public NginxSoftware(string name, string program)
        : base(name, program)
    {
        var about = Output(program, "-V");
        _isCountersign = about.Contains("countersign", StringComparison.Ordinal);
        Version = about.Split('\n')[0].Split(": ")[^1];
    }

    public override bool Explains => _isCountersign;

    /// <summary>The first line of <c>-V</c>.</summary>
    public override string Version { get; }

    public override IReadOnlyList<string> Prepare(string folder, Bench bench, ServerSettings settings)
    {
        var file = Path.Combine(folder, "server.conf");
        File.WriteAllText(file, ServerConfiguration.Text(bench, settings, _isCountersign));
        return ["-p", folder + "/", "-c", file, "-e", Path.Combine(folder, "error.log")];
    }
}
