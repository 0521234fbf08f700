using Countersign.Configuration.Directives;
using Px = Countersign.Configuration.Directives.ProxyDirectives;
using PxSsl = Countersign.Configuration.Directives.ProxySslDirectives;

namespace Countersign.Configuration.Resolve;

/// <summary>The settings in force in a block, with nginx's rules of inheritance.</summary>
internal sealed class SettingsMerger(LoadSession session)
{
    private IReadOnlyList<AccessLogPlan>? _defaultAccessLog;

    public static ServerSettings Server(Scope scope)
    {
        var large = scope.Get(HttpCoreDirectives.LargeClientHeaderBuffers);
        return new ServerSettings
        {
            ClientHeaderTimeout = scope.Get(HttpCoreDirectives.ClientHeaderTimeout),
            ClientHeaderBufferSize = scope.Get(HttpCoreDirectives.ClientHeaderBufferSize),
            LargeClientHeaderBuffersCount = large.Count,
            LargeClientHeaderBuffersSize = large.Size,
            MaxHeaders = scope.Get(HttpCoreDirectives.MaxHeaders),
            IgnoreInvalidHeaders = scope.Get(HttpCoreDirectives.IgnoreInvalidHeaders),
            UnderscoresInHeaders = scope.Get(HttpCoreDirectives.UnderscoresInHeaders),
            MergeSlashes = scope.Get(HttpCoreDirectives.MergeSlashes),
        };
    }

    public IReadOnlyList<ErrorLogTarget> ErrorLogs(Scope scope) =>
        scope.Get(ErrorLogDirective.ErrorLogs) is { Count: > 0 } logs ? logs : [PlanBuilder.DefaultErrorLog(session)];

    public static SslSettings Ssl(ServerScope scope)
    {
        var pairs = scope.Get(SslDirectives.Certificates).Zip(scope.Get(SslDirectives.CertificateKeys)).ToList();
        return Ssl(scope, [.. pairs.Select(pair => pair.First.Path)], [.. pairs.Select(pair => pair.Second.Path)]);
    }

    private static SslSettings Ssl(ServerScope scope, ComplexValue[] certificates, ComplexValue[] keys) => new()
    {
        Certificates = certificates,
        CertificateKeys = keys,
        HasVariableCertificates = certificates.Concat(keys).Any(value => value.Constant is null),
        CertificateCache = scope.Get(SslDirectives.CertificateCache),
        Passwords = scope.Get(SslDirectives.Passwords),
        Protocols = scope.Get(SslDirectives.Protocols).Aggregate(TlsVersions.None, (all, one) => all | one),
        Ciphers = scope.Get(SslDirectives.Ciphers),
        PreferServerCiphers = scope.Get(SslDirectives.PreferServerCiphers),
        EcdhCurve = scope.Get(SslDirectives.EcdhCurve),
        DhParam = scope.Get(SslDirectives.DhParam),
        ConfCommands = scope.Get(SslDirectives.ConfCommands),
        BufferSize = scope.Get(SslDirectives.BufferSize),
        RejectHandshake = scope.Get(SslDirectives.RejectHandshake),
        VerifyClient = scope.Get(SslDirectives.Verify),
        VerifyDepth = scope.Get(SslDirectives.VerifyDepth),
        VerifyClientAt = scope.Get(SslDirectives.VerifyAt),
        VerifyDepthAt = scope.Get(SslDirectives.VerifyDepthAt),
        VerifyFault = scope.Get(SslDirectives.VerifyFault),
        ClientCertificateAt = scope.Get(SslDirectives.ClientCertificateAt),
        CertificateAt = scope.Get(SslDirectives.CertificateAt),
        TrustedCertificateAt = scope.Get(SslDirectives.TrustedCertificateAt),
        CrlAt = scope.Get(SslDirectives.CrlAt),
        ClientCertificate = scope.Get(SslDirectives.ClientCertificate),
        TrustedCertificate = scope.Get(SslDirectives.TrustedCertificate),
        Crl = scope.Get(SslDirectives.Crl),
        Ocsp = OcspDirectives.Plan(scope),
        SessionCache = scope.Get(SslDirectives.SessionCache),
        SessionTimeout = scope.Get(SslDirectives.SessionTimeout),
        SessionTickets = scope.Get(SslDirectives.SessionTickets),
        SessionTicketKeys = [.. scope.Get(SslDirectives.SessionTicketKeys).Select(file => file.Path)],
        VerifyCache = scope.Get(CountersignDirectives.VerifyCache),
        NginxCompatibility = scope.Get(CountersignDirectives.NginxCompatibility),
        NginxCompatibilityAt = scope.Get(CountersignDirectives.NginxCompatibilityAt),
        Position = scope.Position,
    };

    public CoreSettings Core(LocationScope scope)
    {
        var root = scope.Get(LocationDirectives.Root);
        var disabled = scope.Get(LocationDirectives.KeepaliveDisable);
        var tokens = scope.Get(LocationDirectives.Tokens);
        // A timeout and its header are one directive.
        var keepalive = scope.Nearest(LocationDirectives.KeepaliveTimeout);
        return new CoreSettings
        {
            Root = root?.Value ?? ComplexValue.Literal(session.UnderPrefix("html")),
            IsAlias = root?.IsAlias ?? false,
            AliasLength = root?.AliasLength ?? 0,
            ClientMaxBodySize = scope.Get(LocationDirectives.ClientMaxBodySize),
            ClientBodyBufferSize = scope.Get(LocationDirectives.ClientBodyBufferSize),
            ClientBodyTimeout = scope.Get(LocationDirectives.ClientBodyTimeout),
            ClientBodyInFileOnly = scope.Get(LocationDirectives.BodyInFileOnly),
            ClientBodyInSingleBuffer = scope.Get(LocationDirectives.ClientBodyInSingleBuffer),
            ClientBodyTempPath = scope.HasInherited(LocationDirectives.ClientBodyTempPath)
                ? scope.Get(LocationDirectives.ClientBodyTempPath) : session.UnderPrefix("client_body_temp"),
            KeepaliveTimeout = scope.Get(LocationDirectives.KeepaliveTimeout),
            KeepaliveHeader = keepalive?.Own(LocationDirectives.KeepaliveHeader),
            KeepaliveRequests = scope.Get(LocationDirectives.KeepaliveRequests),
            KeepaliveTime = scope.Get(LocationDirectives.KeepaliveTime),
            KeepaliveMinTimeout = scope.Get(LocationDirectives.KeepaliveMinTimeout),
            KeepaliveDisableMsie6 = disabled.Contains("msie6"),
            KeepaliveDisableSafari = disabled.Contains("safari"),
            SendTimeout = scope.Get(LocationDirectives.SendTimeout),
            LingeringClose = scope.Get(LocationDirectives.Lingering),
            LingeringTime = scope.Get(LocationDirectives.LingeringTime),
            LingeringTimeout = scope.Get(LocationDirectives.LingeringTimeout),
            ResetTimedoutConnection = scope.Get(LocationDirectives.ResetTimedoutConnection),
            Satisfy = scope.Get(LocationDirectives.SatisfyMode),
            Internal = scope.Get(LocationDirectives.Internal),
            DefaultType = scope.Get(LocationDirectives.DefaultType),
            Types = scope.Get(LocationDirectives.Types) ?? TypesDirective.Default,
            ErrorPages = scope.Get(LocationDirectives.ErrorPages),
            RecursiveErrorPages = scope.Get(LocationDirectives.RecursiveErrorPages),
            ServerTokens = tokens.Mode,
            ServerTokensText = tokens.Text,
            AbsoluteRedirect = scope.Get(LocationDirectives.AbsoluteRedirect),
            PortInRedirect = scope.Get(LocationDirectives.PortInRedirect),
            ServerNameInRedirect = scope.Get(LocationDirectives.ServerNameInRedirect),
            MsiePadding = scope.Get(LocationDirectives.MsiePadding),
            Etag = scope.Get(LocationDirectives.Etag),
            IfModifiedSince = scope.Get(LocationDirectives.ModifiedSince),
            MaxRanges = scope.Get(LocationDirectives.MaxRanges),
            ChunkedTransferEncoding = scope.Get(LocationDirectives.ChunkedTransferEncoding),
            LogNotFound = scope.Get(LocationDirectives.LogNotFound),
            LogSubrequest = scope.Get(LocationDirectives.LogSubrequest),
            LimitRate = scope.Get(LocationDirectives.LimitRate),
            LimitRateAfter = scope.Get(LocationDirectives.LimitRateAfter),
            TcpNodelay = scope.Get(LocationDirectives.TcpNodelay),
            ErrorLogs = ErrorLogs(scope),
        };
    }

    public static HeaderSettings Headers(LocationScope scope)
    {
        var expires = scope.Get(HeadersDirectives.Expires);
        return new HeaderSettings
        {
            AddHeaders = Inherited(scope, HeadersDirectives.AddHeaders, HeadersDirectives.HeaderInherit),
            AddTrailers = Inherited(scope, HeadersDirectives.AddTrailers, HeadersDirectives.TrailerInherit),
            Expires = expires.Kind,
            ExpiresTime = expires.Time,
            ExpiresValue = expires.Value,
        };
    }

    /// <summary>ngx_http_headers_merge_conf: own ones hide inherited ones, unless told to add them or to drop them.</summary>
    private static IReadOnlyList<AddHeader> Inherited(Scope scope, Setting<IReadOnlyList<AddHeader>> setting, Setting<HeaderInheritance> mode)
    {
        var own = scope.Own(setting);
        if (scope.Parent is null || scope.Get(mode) == HeaderInheritance.Off)
        {
            return own ?? [];
        }
        return own is null || scope.Get(mode) == HeaderInheritance.Merge ? [.. own ?? [], .. Inherited(scope.Parent, setting, mode)] : own;
    }

    public LogSettings Log(LocationScope scope)
    {
        var nearest = scope.Nearest(LogDirectives.AccessLogs, LogDirectives.AccessLogOff);
        if (nearest is not null)
        {
            return new LogSettings { AccessLogs = nearest.Has(LogDirectives.AccessLogOff) ? [] : nearest.Own(LogDirectives.AccessLogs)! };
        }
        _defaultAccessLog ??=
        [
            new AccessLogPlan
            {
                Path = ComplexValue.Literal(session.UnderPrefix("logs/access.log")),
                Format = LogDirectives.CombinedFormat(session),
            },
        ];
        return new LogSettings { AccessLogs = _defaultAccessLog };
    }

    /// <summary>try_files is not inherited.</summary>
    public static ContentSettings Content(LocationScope scope) => new()
    {
        Index = scope.Get(ContentDirectives.Index) is { Count: > 0 } index ? index : [ComplexValue.Literal("index.html")],
        TryFiles = scope.Own(ContentDirectives.TryFiles),
    };

    public ProxySettings Proxy(LocationScope scope)
    {
        var (count, size) = scope.Get(Px.Buffers);
        var busy = scope.Get(Px.BusyBuffersSize);
        var method = scope.Get(Px.Method);
        var next = scope.Get(Px.Next).Aggregate(NextUpstream.None, (all, one) => all | one);
        return new ProxySettings
        {
            SetHeaders = scope.Get(Px.SetHeaders),
            HideHeaders = scope.Get(Px.HideHeaders),
            PassHeaders = scope.Get(Px.PassHeaders),
            IgnoreHeaders = scope.Get(Px.IgnoreHeaders),
            HttpVersion = scope.Get(Px.HttpVersion),
            Method = method?.Constant is { } constant ? ByteText.FromBytes(constant) : null,
            MethodValue = method?.Constant is null ? method : null,
            SetBody = scope.Get(Px.SetBody),
            PassRequestHeaders = scope.Get(Px.PassRequestHeaders),
            PassRequestBody = scope.Get(Px.PassRequestBody),
            Redirects = Redirects(scope),
            CookieDomains = scope.Get(Px.CookieDomains) ?? [],
            CookiePaths = scope.Get(Px.CookiePaths) ?? [],
            CookieFlags = scope.Get(Px.CookieFlags) ?? [],
            Buffering = scope.Get(Px.Buffering),
            RequestBuffering = scope.Get(Px.RequestBuffering),
            BufferSize = scope.Get(Px.BufferSize),
            BuffersCount = count,
            BuffersSize = size,
            BusyBuffersSize = busy >= 0 ? busy : 2 * Math.Max(size, scope.Get(Px.BufferSize)),
            MaxTempFileSize = scope.Get(Px.MaxTempFileSize),
            TempPath = scope.HasInherited(Px.TempPath) ? scope.Get(Px.TempPath) : session.UnderPrefix("proxy_temp"),
            ConnectTimeout = scope.Get(Px.ConnectTimeout),
            SendTimeout = scope.Get(Px.SendTimeout),
            ReadTimeout = scope.Get(Px.ReadTimeout),
            NextUpstream = ((int)next & Px.OffBit) != 0 ? NextUpstream.None : next,
            NextUpstreamTries = scope.Get(Px.NextTries),
            NextUpstreamTimeout = scope.Get(Px.NextTimeout),
            InterceptErrors = scope.Get(Px.InterceptErrors),
            IgnoreClientAbort = scope.Get(Px.IgnoreClientAbort),
            SocketKeepalive = scope.Get(Px.SocketKeepalive),
            ForceRanges = scope.Get(Px.ForceRanges),
            Bind = scope.Get(Px.BindAddress),
            LimitRate = scope.Get(Px.LimitRate),
            Ssl = ProxySsl(scope),
        };
    }

    /// <summary>As nginx: a location without rules takes those of the block around it, even the ones that this block has only
    /// by default; what <c>default</c> means here counts when there are none.</summary>
    private static IReadOnlyList<ProxyRedirect>? Redirects(Scope scope)
    {
        if (scope.Has(Px.Redirects))
        {
            return scope.Own(Px.Redirects);
        }
        if (scope.Nearest(Px.Redirects) is { } nearest && nearest.Own(Px.Redirects) is null)
        {
            return null;
        }
        return (scope.Parent is null ? null : Redirects(scope.Parent))
            ?? (scope is LocationScope { ProxyPass: { Url: null } pass } ? [ProxyRewriteDirectives.Default(pass)] : null);
    }

    private static ProxySslSettings ProxySsl(LocationScope scope) => new()
    {
        Certificate = scope.Get(PxSsl.Certificate)?.Path,
        CertificateKey = scope.Get(PxSsl.CertificateKey)?.Path,
        CertificateCache = scope.Get(PxSsl.CertificateCache),
        Passwords = scope.Get(PxSsl.Passwords),
        Protocols = scope.Get(PxSsl.Protocols).Aggregate(TlsVersions.None, (all, one) => all | one),
        Ciphers = scope.Get(PxSsl.Ciphers),
        ConfCommands = scope.Get(PxSsl.ConfCommands),
        SessionReuse = scope.Get(PxSsl.SessionReuse),
        Name = scope.Get(PxSsl.SslName),
        ServerName = scope.Get(PxSsl.ServerName),
        Verify = scope.Get(PxSsl.Verify),
        VerifyDepth = scope.Get(PxSsl.VerifyDepth),
        TrustedCertificate = scope.Get(PxSsl.TrustedCertificate),
        Crl = scope.Get(PxSsl.Crl),
    };
}
