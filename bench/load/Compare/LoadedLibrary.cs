using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Load.Compare;

/// <summary>The libssl that processes really have in their memory, with the version that the libcrypto beside it gives itself.</summary>
internal static partial class LoadedLibrary
{
    private const string Chosen = "COUNTERSIGN_LIBSSL";

    /// <returns>For example <c>OpenSSL 3.0.17 1 Jul 2025 (/usr/lib/x86_64-linux-gnu/libssl.so.3)</c>.</returns>
    /// <exception cref="LoadException">Another one than was asked for.</exception>
    public static string Of(IReadOnlyList<int> processes)
    {
        var mapped = processes.SelectMany(process => File.ReadLines($"/proc/{process}/maps"))
            .Select(line => line.IndexOf('/') is >= 0 and var path ? line[path..] : "").Distinct().ToList();
        var ssl = mapped.Where(path => Path.GetFileName(path).StartsWith("libssl.so", StringComparison.Ordinal)).ToList();
        var crypto = mapped.Where(path => Path.GetFileName(path).StartsWith("libcrypto.so", StringComparison.Ordinal)).ToList();
        if (Environment.GetEnvironmentVariable(Chosen) is { Length: > 0 } chosen)
        {
            var folder = Path.GetDirectoryName(Real(chosen));
            if (ssl.Count == 0 || ssl.Concat(crypto).Any(path => Path.GetDirectoryName(path) != folder))
            {
                throw new LoadException($"{Chosen} is {chosen}, but {string.Join(", ", ssl.Concat(crypto).DefaultIfEmpty("none of its own"))} is in use");
            }
        }
        return ssl.Count == 0 ? "libssl is part of the program" : string.Join("; ", crypto.Select(Version)) + $" ({string.Join(", ", ssl)})";
    }

    private static string Version(string crypto) => VersionText().Match(Encoding.Latin1.GetString(File.ReadAllBytes(crypto))).Value;

    private static string Real(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);

    [GeneratedRegex(@"OpenSSL \d+\.\d+\.\d+[a-z0-9+-]* \d+ [A-Z][a-z]+ \d{4}")]
    private static partial Regex VersionText();
}
