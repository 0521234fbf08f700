namespace Countersign.Refusals;

/// <summary>A Name of RFC 5280.</summary>
/// <param name="Raw">Its DER: what clients compare with the list of a CertificateRequest, byte by byte.</param>
/// <param name="Text">As RFC 2253 and nginx's $ssl_client_s_dn write it: <c>CN=device-7,O=Example</c>.</param>
/// <param name="Canonical">Equal where OpenSSL takes two names for the same: without case, string type and runs of spaces.</param>
public sealed record DistinguishedName(ReadOnlyMemory<byte> Raw, string Text, string Canonical)
{
    /// <summary>In the order of the DER. <see cref="Text"/> is to be read, not to be taken apart: its values are escaped.</summary>
    public IReadOnlyList<NameAttribute> Attributes { get; init; } = [];

    public bool IsSame(DistinguishedName other) => Canonical == other.Canonical;

    /// <summary>Begins with all of the other's parts: what a directoryName of name constraints asks.</summary>
    public bool IsBelow(DistinguishedName other) => Canonical.StartsWith(other.Canonical, StringComparison.Ordinal);

    /// <summary>Byte for byte, as Java, Go, NSS and GnuTLS compare.</summary>
    public bool IsIdentical(DistinguishedName other) => Raw.Span.SequenceEqual(other.Raw.Span);

    public override string ToString() => Text.Length == 0 ? "(empty name)" : Text;

    public bool Equals(DistinguishedName? other) => other is not null && IsIdentical(other);

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);
}

/// <param name="Type">Object identifier.</param>
/// <param name="Value">Empty where it is no text.</param>
public readonly record struct NameAttribute(string Type, string Value);
