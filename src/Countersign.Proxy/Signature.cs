namespace Countersign.Proxy;

/// <summary>How the gate names itself: in the Server header, on built-in pages, in logs.</summary>
public static class Signature
{
    public const string Version = "0.1.0";
    /// <summary>The nginx whose language and decisions are kept ($nginx_version).</summary>
    public const string Nginx = "1.31.5";
    public const string Name = "countersign";
    /// <summary>server_tokens on.</summary>
    public const string Full = Name + "/" + Version;
    /// <summary>server_tokens build.</summary>
    public const string Build = Full;
}
