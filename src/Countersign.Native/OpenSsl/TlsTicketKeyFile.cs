namespace Countersign.Native;

/// <summary>Reads a file of ssl_session_ticket_key.</summary>
public static class TlsTicketKeyFile
{
    private const int LongKey = 80;

    /// <returns>48 or 80 bytes.</returns>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static byte[] Read(string path)
    {
        var file = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        if (file < 0)
        {
            throw Failure("open()", path, file);
        }
        try
        {
            var result = FileDescriptor.Status(file, out var status);
            if (result < 0)
            {
                throw Failure("fstat()", path, result);
            }
            if (status.Size is not (48 or LongKey))
            {
                throw new TlsConfigurationException($"\"{path}\" must be 48 or 80 bytes");
            }
            var key = new byte[status.Size];
            var read = FileDescriptor.Read(file, key);
            return read < 0 ? throw Failure("pread()", path, read)
                : read == key.Length ? key
                : throw new TlsConfigurationException($"pread() \"{path}\" returned only {read} bytes instead of {key.Length}");
        }
        finally
        {
            FileDescriptor.Close(file);
        }
    }

    private static TlsConfigurationException Failure(string call, string path, int error) =>
        new($"{call} \"{path}\" failed ({-error}: {Errno.Text(-error)})");
}
