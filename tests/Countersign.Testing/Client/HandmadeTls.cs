using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Testing;

/// <summary>
/// The client's side of a TLS 1.2 handshake, made by hand up to CertificateVerify, which is the last message in clear: for what no TLS library
/// can be made to send. It checks nothing.
/// </summary>
public sealed class HandmadeTls : IDisposable
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ClientHello = 1;
    private const byte ServerHelloDone = 14;

    private readonly Socket _socket;
    private readonly MemoryStream _transcript = new();
    private readonly List<byte> _received = [];

    private HandmadeTls(Socket socket) => _socket = socket;

    /// <param name="from">Another address of this machine than the usual one.</param>
    public static async Task<HandmadeTls> Connect(EndPoint to, IPAddress? from = null)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }
        await socket.ConnectAsync(to, Deadline.Token());
        return new HandmadeTls(socket);
    }

    /// <summary>A ClientHello of TLS 1.2 for an ECDSA server, with its header of four bytes.</summary>
    /// <param name="extensions">More of them, empty.</param>
    public static byte[] Hello(string serverName = "localhost", params int[] extensions)
    {
        var body = new Bytes().Word(0x0303).Raw(RandomNumberGenerator.GetBytes(32)).Short([])
            .Long(b => b.Word(0xc02b).Word(0xc02c).Word(0x00ff)).Short([0])
            .Long(all =>
            {
                all.Word(0).Long(b => b.Long(list => list.Raw([0]).Long(name => name.Raw(Encoding.ASCII.GetBytes(serverName)))))
                    .Word(10).Long(b => b.Long(list => list.Word(0x0017)))
                    .Word(11).Long(b => b.Short([0]))
                    .Word(13).Long(b => b.Long(list => list.Word(0x0403).Word(0x0804).Word(0x0401)));
                foreach (var extension in extensions)
                {
                    all.Word(extension).Long(_ => { });
                }
            });
        return Message(ClientHello, body.ToArray());
    }

    public Task SendHello(string serverName = "localhost", params int[] extensions) => Send(Hello(serverName, extensions));

    /// <summary>Sends the hello and reads the server's flight to its end.</summary>
    public async Task Begin(string serverName = "localhost", params int[] extensions)
    {
        await SendHello(serverName, extensions);
        while (true)
        {
            var message = await ReadMessage();
            _transcript.Write(message);
            if (message[0] == ServerHelloDone)
            {
                return;
            }
        }
    }

    /// <summary>Certificates in DER, whatever they are.</summary>
    public Task SendCertificates(params byte[][] certificates)
    {
        var list = new Bytes();
        foreach (var certificate in certificates)
        {
            list.Triple(certificate.Length).Raw(certificate);
        }
        return Send(Message(11, new Bytes().Triple(list.Length).Raw(list.ToArray()).ToArray()));
    }

    /// <summary>The beginning of a Certificate message that says it is so long.</summary>
    public Task SendCertificateOfLength(int length) => SendBeginning(11, length);

    /// <summary>The same of a ClientHello.</summary>
    public Task SendHelloOfLength(int length) => SendBeginning(ClientHello, length);

    private Task SendBeginning(byte kind, int length) => SendRecord(Handshake, new Bytes().Raw([kind]).Triple(length).Raw(new byte[1000]).ToArray());

    /// <summary>ClientKeyExchange with a key of its own.</summary>
    public Task SendKeyExchange()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        return Send(Message(16, new Bytes().Short([4, .. point.X!, .. point.Y!]).ToArray()));
    }

    /// <summary>CertificateVerify: a signature of ECDSA over all messages so far, under the name of any scheme.</summary>
    public Task SendVerify(ECDsa key, int scheme = 0x0403)
    {
        var signature = key.SignData(_transcript.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Send(Message(15, new Bytes().Word(scheme).Long(b => b.Raw(signature)).ToArray()));
    }

    /// <summary>A fatal alert in clear.</summary>
    public Task SendAlert(int alert) => SendRecord(Alert, [2, (byte)alert]);

    public async Task SendRaw(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, Deadline.Token())..];
        }
    }

    /// <summary>Until the server ends the connection; numbers of the alerts that it sent in clear.</summary>
    public async Task<IReadOnlyList<int>> ReadToEnd()
    {
        while (await Fill())
        {
        }
        var alerts = new List<int>();
        for (var at = 0; at + 5 <= _received.Count; at += 5 + Length(at))
        {
            if (_received[at] == Alert && at + 7 <= _received.Count)
            {
                alerts.Add(_received[at + 6]);
            }
        }
        return alerts;
    }

    /// <summary>Ends the connection with a RST instead of a FIN.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _transcript.Dispose();
    }

    private Task Send(byte[] message)
    {
        _transcript.Write(message);
        return SendRecord(Handshake, message);
    }

    private Task SendRecord(byte kind, byte[] content) => SendRaw(new Bytes().Raw([kind]).Word(0x0303).Long(b => b.Raw(content)).ToArray());

    private readonly Queue<byte> _messages = new();

    private async Task<byte[]> ReadMessage()
    {
        while (_messages.Count < 4 || _messages.Count < 4 + MessageLength())
        {
            while (_received.Count < 5 || _received.Count < 5 + Length(0))
            {
                if (!await Fill())
                {
                    throw new InvalidOperationException($"the server ended the handshake: {Convert.ToHexString([.. _received])}");
                }
            }
            if (_received[0] != Handshake)
            {
                throw new InvalidOperationException($"no handshake: {Convert.ToHexString([.. _received])}");
            }
            foreach (var one in _received.Skip(5).Take(Length(0)))
            {
                _messages.Enqueue(one);
            }
            _received.RemoveRange(0, 5 + Length(0));
        }
        var message = new byte[4 + MessageLength()];
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = _messages.Dequeue();
        }
        return message;
    }

    private int MessageLength()
    {
        var head = _messages.Take(4).ToArray();
        return (head[1] << 16) | (head[2] << 8) | head[3];
    }

    private int Length(int record) => (_received[record + 3] << 8) | _received[record + 4];

    private async Task<bool> Fill()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var count = await _socket.ReceiveAsync(buffer, Deadline.Token());
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException gone) when (gone.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private static byte[] Message(byte kind, byte[] body) => new Bytes().Raw([kind]).Triple(body.Length).Raw(body).ToArray();

    /// <summary>TLS's presentation language (RFC 5246 section 4), as far as it is needed.</summary>
    private sealed class Bytes
    {
        private readonly List<byte> _all = [];

        public int Length => _all.Count;

        public Bytes Raw(ReadOnlySpan<byte> bytes)
        {
            _all.AddRange(bytes);
            return this;
        }

        public Bytes Word(int value)
        {
            Span<byte> two = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
            return Raw(two);
        }

        public Bytes Triple(int value) => Raw([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);

        public Bytes Short(ReadOnlySpan<byte> bytes) => Raw([(byte)bytes.Length]).Raw(bytes);

        public Bytes Long(Action<Bytes> write)
        {
            var inner = new Bytes();
            write(inner);
            return Word(inner.Length).Raw(inner.ToArray());
        }

        public byte[] ToArray() => [.. _all];
    }
}
