using System.Text;
using Countersign.Native;

namespace Countersign.Commands.Probe;

/// <summary>One connection: a handshake, a request, and everything the server let be seen of its mind.</summary>
internal sealed class ProbeAttempt
{
    private const int BufferLength = 16 * 1024;

    private readonly ProbeOptions _options;
    private readonly ProbeCertificate? _certificate;
    private readonly ProbeConnection _connection;
    private readonly TlsConnection _tls;
    private readonly TlsConversation _messages;

    private ProbeAttempt(ProbeOptions options, ProbeCertificate? certificate, ProbeConnection connection, TlsConnection tls)
    {
        (_options, _certificate, _connection, _tls) = (options, certificate, connection, tls);
        _messages = tls.KeepConversation();
        tls.AllowLateRequest();
    }

    /// <param name="certificate">Null for a connection without.</param>
    /// <param name="protocols">Null for whatever the two sides agree on.</param>
    /// <param name="asks">A request is sent as well.</param>
    /// <exception cref="ProbeException">Nobody is there.</exception>
    public static async Task<ProbeSight> Run(ProbeOptions options, ProbeCertificate? certificate, TlsProtocols? protocols, bool asks)
    {
        using var connection = await ProbeConnection.Open(options);
        using var context = ProbeTls.Context(certificate, protocols);
        using var tls = TlsConnection.Connect(context, connection.Descriptor, options.ServerName, options.VerifyName, resume: null);
        return new ProbeAttempt(options, certificate, connection, tls).Run(asks);
    }

    private ProbeSight Run(bool asks)
    {
        var answer = new HttpAnswerReader();
        var status = _connection.Finish(_tls.Handshake);
        if (status == TlsStatus.Done && asks)
        {
            status = Exchange(answer);
        }
        var heard = new ProbeTranscript(_messages);
        var sight = new ProbeSight
        {
            HasCertificate = _certificate is not null,
            End = EndOf(status, asks, answer, heard),
            Address = _connection.Address,
            Elapsed = _connection.Elapsed,
            IsHandshakeDone = _tls.IsHandshakeDone,
            Asked = heard.Asked,
            Request = heard.Request,
            Sent = heard.Sent,
            Chain = heard.ServerChain,
            Alert = heard.Alert,
            Failure = Failure(status),
            FirstBytes = _messages.FirstBytes,
            Answer = answer.Answer(),
        };
        if (_tls.IsHandshakeDone)
        {
            sight = sight with { Protocol = _tls.Protocol, Cipher = _tls.Cipher, Group = _tls.Curve ?? "", Alpn = _tls.AlpnProtocol ?? "" };
            _tls.ShutDown();
        }
        return sight;
    }

    private TlsStatus Exchange(HttpAnswerReader answer)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {_options.Path} HTTP/1.1\r\nHost: {_options.Host}\r\nUser-Agent: countersign-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        var status = _connection.Finish(() => _tls.Write(request, out _));
        var buffer = new byte[BufferLength];
        // A server that refuses may have closed by now; its alert still waits to be read.
        status = status == TlsStatus.SystemError ? TlsStatus.Done : status;
        while (status == TlsStatus.Done && !answer.IsComplete && !_connection.IsOver)
        {
            var count = 0;
            status = _connection.Finish(() => _tls.Read(buffer, out count));
            answer.Add(buffer.AsSpan(0, count));
        }
        return status;
    }

    private ProbeEnd EndOf(TlsStatus status, bool asks, HttpAnswerReader answer, ProbeTranscript heard) =>
        // An answer counts for more than how it ended.
        !answer.IsEmpty ? answer.Answer() is null ? ProbeEnd.OtherAnswer : ProbeEnd.Answer
        : heard.Alert is not null ? ProbeEnd.Alert
        : _connection.IsOver ? ProbeEnd.TimedOut
        : EndOf(status, asks);

    private ProbeEnd EndOf(TlsStatus status, bool asks) => status switch
    {
        TlsStatus.Done => asks ? ProbeEnd.TimedOut : ProbeEnd.Handshake,
        TlsStatus.WantRead or TlsStatus.WantWrite or TlsStatus.Suspended => ProbeEnd.TimedOut,
        TlsStatus.Closed or TlsStatus.Ended => ProbeEnd.Closed,
        TlsStatus.SystemError => _tls.SystemError is Errno.ConnectionReset or Errno.BrokenPipe ? ProbeEnd.Reset : ProbeEnd.Closed,
        TlsStatus.Failed => ProbeEnd.Failed,
    };

    private string Failure(TlsStatus status) => status switch
    {
        TlsStatus.Failed => _tls.Error!.Entries is { Count: > 0 } entries ? entries[^1].Text : "",
        TlsStatus.SystemError => Errno.Text(_tls.SystemError),
        _ => "",
    };
}
