namespace Countersign.Load.Compare;

/// <summary>The keys of every certificate on both sides. Each kind has its folder of certificates and its port of a server.</summary>
internal enum Keys
{
    P256,
    Rsa2048,
}
