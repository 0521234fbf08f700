namespace Countersign.Native;

/// <summary>
/// The files that a context has of its own, each read once: its copies are made when they may have changed, or when nobody may read them any more.
/// </summary>
internal sealed class TlsMaterial : IDisposable
{
    private readonly Dictionary<string, TlsCredential> _certificates = [];
    private readonly Dictionary<string, TlsCredential> _keys = [];
    private readonly Dictionary<string, TlsCredential> _parameters = [];

    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public TlsCredential Certificate(string source) => Once(_certificates, source, TlsCredential.ReadCertificate);

    /// <inheritdoc cref="Certificate"/>
    public TlsCredential Key(string source, IReadOnlyList<byte[]>? passwords) =>
        Once(_keys, source, unread => TlsCredential.ReadKey(unread, passwords));

    /// <inheritdoc cref="Certificate"/>
    public TlsCredential Parameters(string path) => Once(_parameters, path, TlsCredential.ReadParameters);

    public void Dispose()
    {
        foreach (var credential in (IEnumerable<TlsCredential>)[.. _certificates.Values, .. _keys.Values, .. _parameters.Values])
        {
            credential.Dispose();
        }
    }

    private static TlsCredential Once(Dictionary<string, TlsCredential> known, string source, Func<string, TlsCredential> read)
    {
        if (!known.TryGetValue(source, out var credential))
        {
            known.Add(source, credential = read(source));
        }
        return credential;
    }
}
