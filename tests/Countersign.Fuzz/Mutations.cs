using System.Text;
using CsCheck;

namespace Countersign.Fuzz;

/// <summary>Inputs near the seeds: a seed with up to a few bytes or pieces changed, removed, doubled or swapped for another seed's.</summary>
internal static class Mutations
{
    private enum Kind { SetByte, Insert, Remove, Repeat, Splice, Truncate }

    private readonly record struct Mutation(Kind Kind, uint At, int Length, byte Value, byte[] Piece, byte[] Other);

    public static Gen<byte[]> Of(FuzzTarget target)
    {
        var seeds = target.Seeds().ToArray();
        var pieces = target.Dictionary.Select(Encoding.Latin1.GetBytes).ToArray();
        var mutation = Gen.Select(
            Gen.Int[0, 5], Gen.UInt, Gen.Int[1, 8], Gen.Byte, One(pieces), One(seeds),
            (kind, at, length, value, piece, other) => new Mutation((Kind)kind, at, length, value, piece, other));
        return Gen.Select(One(seeds), mutation.Array[0, 5], (seed, mutations) => mutations.Aggregate(seed, Apply));
    }

    private static Gen<byte[]> One(byte[][] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static byte[] Apply(byte[] input, Mutation mutation)
    {
        var at = (int)(mutation.At % (uint)(input.Length + 1));
        var end = Math.Min(at + mutation.Length, input.Length);
        ReadOnlySpan<byte> before = input.AsSpan(0, at), touched = input.AsSpan(at, end - at), after = input.AsSpan(end);
        return mutation.Kind switch
        {
            Kind.SetByte => [.. before, mutation.Value, .. input.AsSpan(Math.Min(at + 1, input.Length))],
            Kind.Insert => [.. before, .. mutation.Piece, .. touched, .. after],
            Kind.Remove => [.. before, .. after],
            Kind.Repeat => [.. before, .. touched, .. touched, .. after],
            Kind.Splice => [.. before, .. mutation.Other.AsSpan(Math.Min(at, mutation.Other.Length))],
            _ => before.ToArray(),
        };
    }
}
