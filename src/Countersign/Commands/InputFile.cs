using System.Security.Cryptography;
using Countersign.Refusals;

namespace Countersign.Commands;

/// <summary>Files of certificates that the command line names.</summary>
internal static class InputFile
{
    /// <summary>Bytes of one file; a bundle of every public authority has some hundred thousand.</summary>
    private const int MostBytes = 16 << 20;

    /// <summary>Certificates of one file.</summary>
    private const int MostCertificates = 10_000;

    /// <param name="path"><c>-</c> is standard input.</param>
    /// <exception cref="UsageException">It cannot be read, or is no such file by its size.</exception>
    public static BundleFile Read(string path, string command)
    {
        var content = Content(path, command);
        var file = BundleFile.Read(path == "-" ? "standard input" : path, content);
        if (file.Certificates is not [{ Line: 0 }] && file.Crls.Count == 0)
        {
            // A key may stand beside the certificates. What was decoded has bytes of its own.
            CryptographicOperations.ZeroMemory(content);
        }
        return file.Certificates.Count + file.Crls.Count <= MostCertificates
            ? file
            : throw new UsageException($"{path} has {file.Certificates.Count + file.Crls.Count} certificates and lists; {MostCertificates} are read", $"openssl storeutl -noout -certs {ShellWord.Of(path)} | head");
    }

    /// <param name="path"><c>-</c> is standard input.</param>
    /// <param name="command">For another user to type, where this one may not read it.</param>
    /// <exception cref="UsageException">It cannot be read, or is too large.</exception>
    public static byte[] Content(string path, string command)
    {
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            var content = new byte[64 * 1024];
            var length = 0;
            for (int count; (count = stream.Read(content, length, content.Length - length)) > 0;)
            {
                length += count;
                if (length > MostBytes)
                {
                    throw new UsageException($"{path} has more than {MostBytes >> 20} MB and is no file of certificates", $"ls -l {ShellWord.Of(path)}");
                }
                if (length == content.Length)
                {
                    var larger = new byte[content.Length * 2];
                    content.CopyTo(larger, 0);
                    CryptographicOperations.ZeroMemory(content);
                    content = larger;
                }
            }
            var exact = content[..length];
            CryptographicOperations.ZeroMemory(content);
            return exact;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw fault switch
            {
                UnauthorizedAccessException when Directory.Exists(path) => new UsageException($"{path} is a folder", $"ls {ShellWord.Of(path)}"),
                UnauthorizedAccessException => new UsageException($"{path} may not be read by this user", $"sudo {command}"),
                FileNotFoundException or DirectoryNotFoundException => new UsageException($"{path} does not exist", $"ls -l {ShellWord.Of(Path.GetDirectoryName(Path.GetFullPath(path))!)}"),
                _ => new UsageException($"{path} cannot be read: {fault.Message}", $"ls -l {ShellWord.Of(path)}"),
            };
        }
    }
}
