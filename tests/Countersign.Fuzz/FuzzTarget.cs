namespace Countersign.Fuzz;

/// <summary>One parser beside its oracle. Seeds are the files of <c>Corpus/NAME/</c>; a fault once found stays there as a seed.</summary>
public abstract class FuzzTarget
{
    /// <summary>The folder of its seeds.</summary>
    public abstract string Name { get; }

    /// <summary>Pieces that a mutation puts in: what means something to this parser.</summary>
    public abstract IReadOnlyList<string> Dictionary { get; }

    /// <summary>Mutated inputs in a usual test run.</summary>
    public virtual int Inputs => 12_000;

    /// <summary>Throws where the parser breaks a promise or disagrees with the oracle.</summary>
    public abstract void Try(byte[] input);

    public IReadOnlyList<byte[]> Seeds() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", Name)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
