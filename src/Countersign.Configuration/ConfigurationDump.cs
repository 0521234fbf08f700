using System.Text;

namespace Countersign.Configuration;

/// <summary>nginx's <c>-T</c>: every file that was read, once, in order of first opening.</summary>
public static class ConfigurationDump
{
    public static byte[] Write(IReadOnlyList<SourceFile> files)
    {
        using var dump = new MemoryStream();
        foreach (var file in files)
        {
            dump.Write(Encoding.Latin1.GetBytes($"# configuration file {file.Path}:\n"));
            dump.Write(file.Content);
            dump.Write("\n"u8);
        }
        return dump.ToArray();
    }
}
