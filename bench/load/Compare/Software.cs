using System.Diagnostics;

namespace Countersign.Load.Compare;

/// <summary>A program that can be a subject.</summary>
internal abstract class Software(string name, string program)
{
    public string Name { get; } = name;
    public string Program { get; } = program;
    public abstract string Version { get; }
    /// <summary>Something to compare with that no target is for, and that cannot do everything.</summary>
    public virtual bool IsPeer => false;
    /// <summary>Whether it has a refusal log.</summary>
    public virtual bool Explains => false;
    /// <summary>What its backend must find in a request.</summary>
    public virtual IReadOnlyList<string> Passed { get; } =
        ["X-SSL-Verify: SUCCESS\r\n", "X-SSL-Cert: -----BEGIN%20CERTIFICATE-----%0A", "X-SSL-DN: CN=client 1,"];

    /// <summary>Writes what it reads into a folder of its own.</summary>
    /// <returns>Its arguments.</returns>
    public abstract IReadOnlyList<string> Prepare(string folder, Bench bench, ServerSettings settings);

    /// <summary>What it prints on both of its outputs.</summary>
    protected static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new LoadException($"{program} does not start");
        var error = process.StandardError.ReadToEndAsync();
        return process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
    }
}
