using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>
/// As long as one is open, its thread reads each file of certificates, keys and lists once, as mainline nginx does (ngx_ssl_cache):
/// servers that name the same file get the same, even while it is being replaced, and a pipe will do.
/// </summary>
public sealed class PemFiles : IDisposable
{
    /// <summary>A file that never ends must not fill the memory before OpenSSL has seen that it is no PEM.</summary>
    private const int MaximumLength = 64 << 20;

    [ThreadStatic]
    private static PemFiles? _current;

    private readonly Dictionary<string, byte[]> _texts = [];
    private readonly PemFiles? _outer = _current;

    private PemFiles() { }

    public static PemFiles Open() => _current = new PemFiles();

    /// <summary>Forgets what was read; some of it are keys.</summary>
    public void Dispose()
    {
        foreach (var text in _texts.Values)
        {
            CryptographicOperations.ZeroMemory(text);
        }
        _texts.Clear();
        _current = _outer;
    }

    /// <returns>False when it is for OpenSSL to read the file, and to say what is wrong with it.</returns>
    internal static bool TryGet(string path, out byte[] text)
    {
        text = [];
        if (_current is not { } files)
        {
            return false;
        }
        if (files._texts.TryGetValue(path, out var known))
        {
            text = known;
            return true;
        }
        if (Read(path) is not { } read)
        {
            return false;
        }
        files._texts.Add(path, text = read);
        return true;
    }

    private static byte[]? Read(string path)
    {
        var descriptor = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        if (descriptor < 0)
        {
            return null;
        }
        var buffer = new byte[16 * 1024];
        var length = 0;
        int count;
        while ((count = FileDescriptor.Read(descriptor, buffer.AsSpan(length))) > 0 && length < MaximumLength)
        {
            length += count;
            if (length == buffer.Length)
            {
                var larger = new byte[length * 2];
                buffer.CopyTo(larger, 0);
                CryptographicOperations.ZeroMemory(buffer);
                buffer = larger;
            }
        }
        _ = FileDescriptor.Close(descriptor);
        var text = count == 0 ? buffer[..length] : null;
        CryptographicOperations.ZeroMemory(buffer);
        return text;
    }
}
