namespace Countersign.Testing;

/// <summary>A page of docs/ that is not written by hand: tests find out what it has to say, compare, and write it anew where UPDATE_DOCS=1.</summary>
/// <param name="parts">Below docs/.</param>
public sealed class MeasuredPage(params string[] parts)
{
    /// <summary>For whoever reads that a page differs.</summary>
    public const string Advice = "Run the tests once with UPDATE_DOCS=1.";

    private readonly string _path = Repository.PathOf(["docs", .. parts]);

    public string Text => File.ReadAllText(_path);

    /// <summary>What the page says: what was measured, when it is to be written.</summary>
    public string TextAfter(string measured)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllText(_path, measured);
        }
        return Text;
    }
}
