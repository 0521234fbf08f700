using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>One key of session tickets; 48 bytes mean AES-128 and 80 mean AES-256, in the layouts of nginx's key files.</summary>
internal sealed class TlsTicketKey
{
    public const int NameLength = 16;

    public TlsTicketKey(ReadOnlySpan<byte> bytes)
    {
        Name = bytes[..NameLength].ToArray();
        if (bytes.Length == 48)
        {
            Cipher = bytes[16..32].ToArray();
            Mac = bytes[32..48].ToArray();
        }
        else
        {
            Mac = bytes[16..48].ToArray();
            Cipher = bytes[48..80].ToArray();
        }
    }

    public byte[] Name { get; }

    public byte[] Cipher { get; }

    public byte[] Mac { get; }
}

/// <summary>The keys in force, the one that encrypts first.</summary>
internal sealed class TlsTicketKeys
{
    private readonly Lock _gate = new();
    private readonly TimeProvider? _time;
    private TlsTicketKey[] _keys;
    private TlsTicketKey? _next;
    private long _currentExpires;
    private long _previousExpires;

    /// <summary>Keys from files; they never change.</summary>
    public TlsTicketKeys(IEnumerable<byte[]> files) => _keys = [.. files.Select(bytes => new TlsTicketKey(bytes))];

    /// <summary>Keys of a shared cache, made at need and rotated.</summary>
    public TlsTicketKeys(TimeProvider time)
    {
        _time = time;
        _keys = [];
    }

    /// <summary>
    /// ngx_ssl_rotate_ticket_keys: a key encrypts for one timeout and decrypts for one more, so no ticket outlives its
    /// session and no key is older than two timeouts.
    /// </summary>
    public TlsTicketKey[] At(long timeoutSeconds)
    {
        if (_time == null)
        {
            return _keys;
        }
        lock (_gate)
        {
            var now = _time.GetUtcNow().ToUnixTimeSeconds();
            var expire = now + timeoutSeconds;
            if (_currentExpires >= expire && _previousExpires >= now)
            {
                return _keys;
            }
            if (_next == null)
            {
                _keys = [Make()];
                _next = _keys[0];
                _currentExpires = expire;
            }
            if (_previousExpires < now)
            {
                (_keys, _next) = ([_next, _keys[0]], Make());
                (_previousExpires, _currentExpires) = (_currentExpires, 0);
            }
            _currentExpires = Math.Max(_currentExpires, expire);
            return _keys;
        }
    }

    private static TlsTicketKey Make() => new(RandomNumberGenerator.GetBytes(80));
}
