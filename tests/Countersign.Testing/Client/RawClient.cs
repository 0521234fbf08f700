using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Testing;

/// <summary>What a TLS client of <see cref="RawClient"/> brings.</summary>
public sealed record TlsClient
{
    /// <summary>Null sends no server name.</summary>
    public string? ServerName { get; init; } = "localhost";
    public Identity? Identity { get; init; }
    public IReadOnlyList<Identity> Intermediates { get; init; } = [];
    public SslProtocols Protocols { get; init; } = SslProtocols.None;
}

/// <summary>A client that sends exactly the bytes it is given and shows exactly the bytes it gets.</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly HttpReader _reader;

    private RawClient(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        _reader = new HttpReader(stream);
    }

    public static async Task<RawClient> Connect(EndPoint to, TlsClient? tls = null)
    {
        var socket = new Socket(
            to.AddressFamily, SocketType.Stream, to.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(to, Deadline.Token());
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
            }

            var stream = new NetworkStream(socket, ownsSocket: false);
            return new RawClient(socket, tls is null ? stream : await Handshake(stream, tls));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>TCP segments with data in them that have come so far: <c>tcpi_data_segs_in</c>.</summary>
    public uint Segments
    {
        get
        {
            const int Protocol = 6, Information = 11, Offset = 152;
            Span<byte> value = stackalloc byte[Offset + sizeof(uint)];
            _socket.GetRawSocketOption(Protocol, Information, value);
            return BitConverter.ToUInt32(value[Offset..]);
        }
    }

    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, Deadline.Token());
        await _stream.FlushAsync();
    }

    /// <summary>Half-closes: the server sees the end of our side and may still answer.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    public Task<HttpMessage> Read(bool bodiless = false) => _reader.ReadMessage(false, bodiless, Deadline.Token());

    public Task<string> ReadHead() => _reader.ReadHead(Deadline.Token());

    public Task<string> ReadExactly(int count) => _reader.ReadExactly(count, Deadline.Token());

    /// <summary>All until the server closes; a reset is written as <c>[reset]</c> after what came before it.</summary>
    public async Task<string> ReadToEnd()
    {
        try
        {
            return await _reader.ReadToEnd(Deadline.Token());
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return _reader.Buffered + "[reset]";
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the server did not close; it had sent:\n{_reader.Buffered}");
        }
    }

    /// <summary>Reads at least so many bytes, unless the server ends before, without keeping them; returns how many came.</summary>
    public async Task<long> Drain(long count, CancellationToken cancel)
    {
        var chunk = new byte[1 << 20];
        long total = _reader.Discard();
        while (total < count)
        {
            var read = await _stream.ReadAsync(chunk, cancel);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public async Task SendZeros(long count, CancellationToken cancel)
    {
        var chunk = new byte[1 << 20];
        for (; count > 0; count -= chunk.Length)
        {
            await _stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(count, chunk.Length)), cancel);
        }
    }

    /// <summary>Ends the connection with a RST instead of a FIN.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose()
    {
        try
        {
            // Closing may wait for a thread that still holds the handle; what the server sees must not.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Reset, or already closed by Reset().
        }

        _stream.Dispose();
        _socket.Dispose();
    }

    private static async Task<Stream> Handshake(Stream stream, TlsClient client)
    {
        var tls = new SslStream(stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = client.ServerName ?? "",
            EnabledSslProtocols = client.Protocols,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            AllowTlsResume = false,
        };
        if (client.Identity is { } identity)
        {
            // OpenSSL keeps no ephemeral key handle across the context's copy: an export and import gives it one of its own.
            var certificate = X509CertificateLoader.LoadPkcs12(identity.WithPrivateKey().Export(X509ContentType.Pkcs12), null);
            var intermediates = new X509Certificate2Collection(client.Intermediates.Select(each => each.Certificate).ToArray());
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
        }

        await tls.AuthenticateAsClientAsync(options, Deadline.Token());
        return tls;
    }
}
