namespace Countersign.Testing;

/// <summary>A folder that goes away with its owner; kept when COUNTERSIGN_KEEP is set, to look at afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>A short path: unix sockets live in it, and theirs may have 107 bytes.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("cs-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_KEEP") is null && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
