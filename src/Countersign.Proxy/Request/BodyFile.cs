using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>A temporary file for a body that does not fit in memory; gone with the request unless it was asked to stay.</summary>
public sealed class BodyFile : IDisposable
{
    private static long _lastNumber;

    private readonly bool _stays;
    private long _length;

    private BodyFile(string path, int descriptor, bool stays)
    {
        Path = path;
        Descriptor = descriptor;
        _stays = stays;
    }

    public string Path { get; }

    public int Descriptor { get; private set; }

    /// <returns>Null when it cannot be made; logged.</returns>
    public static BodyFile? Create(ConnectionLog log, string folder, ClientBodyInFileOnly kind = ClientBodyInFileOnly.Off)
    {
        folder = ByteText.ToUnicode(folder);
        while (true)
        {
            var path = $"{folder}/{Interlocked.Increment(ref _lastNumber):d10}";
            var descriptor = FileDescriptor.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180);
            if (descriptor >= 0)
            {
                return new BodyFile(path, descriptor, kind == ClientBodyInFileOnly.On);
            }
            if (descriptor != -Errno.Exists)
            {
                log.Write(LogLevel.Crit, $"open() \"{path}\" failed", -descriptor);
                return null;
            }
        }
    }

    public bool Append(ConnectionLog log, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = FileDescriptor.WriteAt(Descriptor, bytes, _length);
            if (count <= 0)
            {
                log.Write(LogLevel.Crit, $"pwrite() \"{Path}\" failed", -count);
                return false;
            }
            _length += count;
            bytes = bytes[count..];
        }
        return true;
    }

    public void Dispose()
    {
        if (Descriptor < 0)
        {
            return;
        }
        _ = FileDescriptor.Close(Descriptor);
        Descriptor = -1;
        if (!_stays)
        {
            _ = FileDescriptor.Unlink(Path);
        }
    }
}
