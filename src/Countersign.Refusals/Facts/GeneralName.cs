namespace Countersign.Refusals;

/// <summary>A name of an extension, or the base of a subtree of name constraints.</summary>
/// <param name="Kind"><c>DNS</c>, <c>email</c>, <c>URI</c>, <c>IP</c>, <c>DirName</c> or <c>othername</c>.</param>
public readonly record struct GeneralName(string Kind, string Text)
{
    /// <summary>Of kind DirName only.</summary>
    public DistinguishedName? Directory { get; init; }

    /// <summary>Of kind IP only: the address, and in a constraint its mask behind it.</summary>
    public ReadOnlyMemory<byte> Octets { get; init; }

    public override string ToString() => $"{Kind}:{Text}";
}
