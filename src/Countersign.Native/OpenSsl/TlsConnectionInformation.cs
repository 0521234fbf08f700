using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Native;

/// <summary>What was negotiated and presented, as nginx's $ssl_ variables say it.</summary>
public static unsafe class TlsConnectionInformation
{
    extension(TlsConnection connection)
    {
        /// <summary>SSL_get_verify_result: X509_V_OK (0) also when there was no certificate.</summary>
        public int VerifyResult => (int)NativeConnection.VerifyResult(connection.Ssl);

        public string VerifyResultText => TlsVerification.TextOf(connection.VerifyResult);

        public bool SessionReused => NativeConnection.SessionReused(connection.Ssl) != 0;

        /// <summary>$ssl_protocol: <c>TLSv1.3</c>.</summary>
        public string Protocol => NativeText.String(NativeConnection.VersionName(connection.Ssl));

        /// <summary>$ssl_cipher; <c>(NONE)</c> before there is one.</summary>
        public string Cipher => NativeText.String(NativeConnection.CipherName(NativeConnection.Cipher(connection.Ssl)));

        /// <summary>$ssl_server_name: the client's bytes one to one, whatever they are.</summary>
        public string? ServerName => Text(NativeConnection.ServerName(connection.Ssl, NativeConnection.NameTypeHost));

        public bool HasPeerCertificate => NativeConnection.PeerCertificate(connection.Ssl) != 0;

        /// <summary>ngx_ssl_check_host over the connection's verify name; false without a certificate or a name.</summary>
        public bool MatchesVerifyName
        {
            get
            {
                using var certificate = connection.PeerCertificate();
                return connection.VerifyName != null && certificate?.MatchesHost(connection.VerifyName) == true;
            }
        }

        /// <summary>$ssl_alpn_protocol.</summary>
        public string? AlpnProtocol
        {
            get
            {
                byte* data;
                uint length;
                NativeConnection.ApplicationProtocol(connection.Ssl, &data, &length);
                return length == 0 ? null : Encoding.Latin1.GetString(data, (int)length);
            }
        }

        /// <summary>What $ssl_session_id prints in lower-case hexadecimal; null without a session.</summary>
        public byte[]? SessionId
        {
            get
            {
                var session = NativeConnection.Session(connection.Ssl);
                if (session == 0)
                {
                    return null;
                }
                uint length;
                var id = NativeSession.Id(session, &length);
                return new ReadOnlySpan<byte>(id, (int)length).ToArray();
            }
        }

        /// <summary>$ssl_ciphers: what the client offered, unknown ones as 0x and hexadecimal; null when not known (resumption, clients).</summary>
        public string? Ciphers
        {
            get
            {
                var ssl = connection.Ssl;
                var size = (int)NativeConnection.Control(ssl, NativeConnection.CommandRawCiphers, 0, null);
                byte* list;
                var length = (int)NativeConnection.Control(ssl, NativeConnection.CommandRawCiphers, 0, &list);
                if (length <= 0)
                {
                    return null;
                }
                var text = new StringBuilder();
                for (var i = 0; i + size <= length; i += size)
                {
                    var cipher = NativeConnection.FindCipher(ssl, list + i);
                    text.Append(i == 0 ? "" : ":").Append(cipher != 0
                        ? NativeText.String(NativeConnection.CipherName(cipher))
                        : "0x" + Convert.ToHexStringLower(new ReadOnlySpan<byte>(list + i, size)));
                }
                return text.ToString();
            }
        }

        /// <summary>$ssl_curve.</summary>
        public string? Curve
        {
            get
            {
                var ssl = connection.Ssl;
                var group = (int)NativeConnection.Control(ssl, NativeConnection.CommandNegotiatedGroup, 0, null);
                return group == 0 ? null : Group(ssl, group);
            }
        }

        /// <summary>$ssl_curves: what the client offered.</summary>
        public string? Curves
        {
            get
            {
                var ssl = connection.Ssl;
                var count = (int)NativeConnection.Control(ssl, NativeConnection.CommandGroups, 0, null);
                if (count <= 0)
                {
                    return null;
                }
                var groups = new int[count];
                fixed (int* start = groups)
                {
                    count = (int)NativeConnection.Control(ssl, NativeConnection.CommandGroups, 0, start);
                }
                return string.Join(':', groups.Take(count).Select(group => Group(ssl, group)));
            }
        }

        /// <summary>$ssl_sigalgs: what the client offered, as code points, since libssl's names for them are not TLS's; null when not known.</summary>
        public string? SignatureAlgorithms
        {
            get
            {
                var count = NativeConnection.SignatureAlgorithms(connection.Ssl, -1, null, null, null, null, null);
                var text = new StringBuilder();
                for (var i = 0; i < count; i++)
                {
                    byte sign, hash;
                    NativeConnection.SignatureAlgorithms(connection.Ssl, i, null, null, null, &sign, &hash);
                    text.Append(i == 0 ? "0x" : ":0x").Append(Convert.ToHexStringLower([hash, sign]));
                }
                return text.Length == 0 ? null : text.ToString();
            }
        }

        /// <summary>A new reference that the caller disposes; null when the peer sent none. A resumed session has it too.</summary>
        public Certificate? PeerCertificate()
        {
            var certificate = NativeConnection.PeerCertificate(connection.Ssl);
            return certificate == 0 ? null : Certificate.Borrow(certificate);
        }

        /// <summary>
        /// Certificates the peer sent, the leaf first on either side. After a resumption only the leaf, since sessions keep no more.
        /// The caller disposes them.
        /// </summary>
        public IReadOnlyList<Certificate> PresentedChain()
        {
            var ssl = connection.Ssl;
            var leaf = NativeConnection.PeerCertificate(ssl);
            if (leaf == 0)
            {
                return [];
            }
            var chain = Certificate.BorrowAll(NativeConnection.PeerChain(ssl));
            // A client's list has the leaf, a server's has not.
            return chain.Count > 0 && chain[0].Handle == leaf ? chain : [Certificate.Borrow(leaf), .. chain];
        }

        /// <summary>The chain OpenSSL built last, leaf to anchor, also when it was refused; empty after a resumption.</summary>
        public IReadOnlyList<Certificate> VerifiedChain() => Certificate.BorrowAll(NativeConnection.VerifiedChain(connection.Ssl));
    }

    private static string Group(nint ssl, int group)
    {
        if ((group & NativeConnection.UnknownGroup) == 0)
        {
            return NativeText.String(NativeCrypto.ShortName(group));
        }
        return Text(NativeConnection.GroupName(ssl, group)) ?? $"0x{group & 0xFFFF:x4}";
    }

    private static string? Text(byte* text) =>
        text == null ? null : Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
