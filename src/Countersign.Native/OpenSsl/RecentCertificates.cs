namespace Countersign.Native;

/// <summary>
/// The certificates of the clients that were asked for theirs last, taken apart, with the texts that variables have made of them. Of ten
/// thousand idle clients that would be more than all else a server holds of them; whoever is not here has it made again. Sessions that
/// were resumed from one another have one certificate, so that a client who comes back finds its texts made. Used by one thread.
/// </summary>
public sealed unsafe class RecentCertificates : IDisposable
{
    private const int Most = 256;

    // Of a larger one, which strangers may make to be megabytes when it is parsed, only the last is kept.
    private const int LargestEncoding = 8 * 1024;

    // By address, which is nobody else's as long as the certificate is here.
    private readonly Dictionary<nint, Certificate> _known = [];
    private readonly Queue<Certificate> _oldestFirst = new();
    private Certificate? _large;

    /// <returns>Null without a certificate; not to be held longer than a step.</returns>
    public Certificate? Of(TlsConnection connection)
    {
        var handle = NativeConnection.PeerCertificate(connection.Ssl);
        if (handle == 0)
        {
            return null;
        }
        if (_known.TryGetValue(handle, out var known))
        {
            return known;
        }
        if (NativeX509.Encode(handle, null) > LargestEncoding)
        {
            return Large(handle);
        }
        if (_known.Count == Most)
        {
            var oldest = _oldestFirst.Dequeue();
            _ = _known.Remove(oldest.Handle);
            oldest.Dispose();
        }
        var certificate = Certificate.Borrow(handle);
        _known.Add(handle, certificate);
        _oldestFirst.Enqueue(certificate);
        return certificate;
    }

    private Certificate Large(nint handle)
    {
        if (_large?.Handle != handle)
        {
            _large?.Dispose();
            _large = Certificate.Borrow(handle);
        }
        return _large;
    }

    public void Dispose()
    {
        _large?.Dispose();
        _large = null;
        _known.Clear();
        while (_oldestFirst.TryDequeue(out var certificate))
        {
            certificate.Dispose();
        }
    }
}
