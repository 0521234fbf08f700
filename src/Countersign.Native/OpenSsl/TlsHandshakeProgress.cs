namespace Countersign.Native;

/// <summary>What a server's handshake came to, for whoever has to say why it came no further.</summary>
public static class TlsHandshakeProgress
{
    // OSSL_HANDSHAKE_STATE of openssl/ssl.h.
    private const int ServerHelloDone = 26;
    private const int ReadsCertificate = 27;
    private const int ServerFinished = 36;
    private const int WaitsInTls13 = 46;

    extension(TlsConnection connection)
    {
        public TlsHandshakeStage Stage => connection.IsHandshakeDone ? TlsHandshakeStage.Done : NativeConnection.State(connection.Ssl) switch
        {
            ServerHelloDone or ServerFinished or WaitsInTls13 => TlsHandshakeStage.Answered,
            // Certificate, ClientKeyExchange, CertificateVerify, NextProto, ChangeCipherSpec, Finished, EndOfEarlyData, CompressedCertificate.
            (>= 27 and <= 32) or 49 or 52 => TlsHandshakeStage.ClientFlight,
            _ => TlsHandshakeStage.Hello,
        };

        /// <summary>
        /// The message that is being read, or over which the handshake has ended, is the client's Certificate: libssl enters the state once it has
        /// the message's header, and looks at the length after that.
        /// </summary>
        public bool IsReadingCertificate => !connection.IsHandshakeDone && NativeConnection.State(connection.Ssl) == ReadsCertificate;

        /// <summary>A CertificateRequest has gone out: as libssl's send_certificate_request() decides it.</summary>
        public bool WasAsked => (NativeConnection.VerifyMode(connection.Ssl) & NativeContext.VerifyPeer) != 0
            && !connection.SessionReused && connection.Stage >= TlsHandshakeStage.Answered;

        /// <summary>0x0303, 0x0304; 0 before it has been chosen.</summary>
        public int NegotiatedVersion => connection.Stage >= TlsHandshakeStage.Answered ? NativeConnection.Version(connection.Ssl) : 0;

        /// <summary>
        /// When the session that was resumed began; null where none was. TLS 1.3 begins it anew at each resumption, and
        /// <see cref="TlsSession"/> takes what has passed off its time.
        /// </summary>
        public DateTimeOffset? SessionStarted
        {
            get
            {
                var session = connection.SessionReused ? NativeConnection.Session(connection.Ssl) : 0;
                if (session == 0 || connection.Server is not { Sessions.Handle: not 0 } server)
                {
                    return null;
                }
                var passed = Math.Max(0, NativeContext.Timeout(server.Sessions.Handle) - NativeSession.Timeout(session));
                return DateTimeOffset.FromUnixTimeSeconds(NativeSession.Time(session) - passed);
            }
        }

        /// <summary>The first ClientHello as it came, with its header of four bytes; empty before it and after <see cref="ForgetClientHello"/>.</summary>
        public ReadOnlySpan<byte> ClientHello => connection.Server is { } server ? server.Hello : default;

        /// <summary>It was the second one, after HelloRetryRequest, that was answered.</summary>
        public bool IsHelloRepeated => connection.Server?.IsHelloRepeated == true;

        /// <summary>Number of the last alert that went out, but close_notify; null without.</summary>
        public int? AlertSent => connection.Server is { AlertSent: not 0 } server ? server.AlertSent : null;

        /// <summary>Number of the last alert that came in, but close_notify; null without.</summary>
        public int? AlertReceived => connection.Server is { AlertReceived: not 0 } server ? server.AlertReceived : null;

        /// <summary>The client's chain was verified by libssl in this handshake, and not remembered from another.</summary>
        public bool IsNewlyVerified => connection.Server?.IsNewlyVerified == true;

        /// <summary>To be called once nobody will ask for it: an idle connection has no use for a kilobyte.</summary>
        public void ForgetClientHello() => connection.Server?.ForgetHello();
    }
}
