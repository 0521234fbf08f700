namespace Countersign.Refusals;

/// <summary>One thing that would let the client in.</summary>
/// <param name="For">Who can do it.</param>
/// <param name="Text">A sentence in the imperative.</param>
/// <param name="Paste">A directive, or a command of openssl, curl or countersign, ready to be pasted; null where none would be true.</param>
public sealed record Advice(Blame For, string Text, string? Paste = null)
{
    public override string ToString() => Paste is null ? Text : $"{Text} {Paste}";
}
